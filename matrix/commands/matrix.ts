import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { EXT4_VARIANT_NAMES } from '../../harness/volume/file-systems/ext4.ts'
import { CONTROL_NAMES } from '../../subjects/wal/controls/index.ts'
import { answer, answerJson } from '../answer.ts'
import type { MissingCell } from '../choose-cells.ts'
import { colours } from '../colours.ts'
import { checkoutOf } from '../commit.ts'
import { MAX_ERROR_CASES, MAX_ITERATIONS, MAX_STATES } from '../evidence/limits.ts'
import { outProblem } from '../evidence/replay-line.ts'
import type { PowerCutSettings } from '../evidence/types.ts'
import { adviceInWords } from '../gate/advice.ts'
import { runGate } from '../gate/gate.ts'
import { nativeArch } from '../host.ts'
import { interruptible } from '../interrupt.ts'
import { cleanAndTell } from '../leftovers.ts'
import { withLock } from '../lock.ts'
import { createProgress, type Progress } from '../progress.ts'
import { renderRuns, renderStories } from '../render-runs.ts'
import { reportOfMatrix } from '../report/of-evidence.ts'
import { assertApart, assertPlaces, writeReports } from '../report/write.ts'
import { requireResources } from '../resources.ts'
import { matrixExitCode, runMatrix } from '../run-matrix.ts'
import { MAX_RUNS } from '../shard.ts'
import { shown } from '../shown.ts'
import type { Described } from '../steps/row.ts'
import { readDescription } from '../subject/read-description.ts'
import { assertKeepsContract } from '../test-subject/keeps-contract.ts'
import { verdictOfMatrix } from '../verdict-of-matrix.ts'
import { AMOUNT, amountOf } from './amount.ts'
import { choosing, command, flag, type Given, optionName, value, valueOr } from './command.ts'
import { replayLastFailed } from './last-failed.ts'
import { reporterOption } from './reporters.ts'
import { UsageError } from './usage-error.ts'
import { architectures, count, fileSystems, oneOf, path, seed, shard } from './values.ts'

const MAX_FAILURES = 1_000_000
const SUBJECTS = ['wal', ...CONTROL_NAMES]

/** A subject that is known by name, or the path of what describes one. */
const subjectName = choosing(SUBJECTS, (text) => {
  if (SUBJECTS.includes(text) || /[./]/.test(text) || existsSync(text)) return text
  throw new UsageError(
    `${shown(text)} is no subject; there are ${SUBJECTS.join(', ')}, or give the path of a description`,
  )
})

const USUAL_ITERATIONS = 20

const OPTIONS = {
  arch: value(architectures, `architectures, with commas, or all (default: this machine's)`),
  fs: value(fileSystems, `file systems, with commas (default: those of the architecture's cells)`),
  runs: valueOr(
    '1',
    count('The number of runs', MAX_RUNS),
    'how often each cell runs, each time with the next seed',
  ),
  seed: value(seed, 'the seed of the first run (default: a new one, printed)'),
  iterations: valueOr(
    String(USUAL_ITERATIONS),
    count('The number of iterations', MAX_ITERATIONS),
    `iterations of the kill tier, at most ${MAX_ITERATIONS}; for more, raise --runs`,
  ),
  everyPoint: flag('kill at every operation of one workload, in place of seeded iterations'),
  states: value(
    count('The number of states', MAX_STATES),
    'states of the disk in the power-cut step (default: as many as there is time for)',
  ),
  exhaustive: flag('every state of one recording in the power-cut step'),
  tear: valueOr(
    '512',
    oneOf(['512', '4096'], 'size of what a disk writes as one'),
    'where a write can be torn, in bytes: 512 or 4096',
  ),
  ext4: value(
    oneOf(EXT4_VARIANT_NAMES, 'variant of ext4'),
    `how ext4 is made and mounted in the power-cut step: ${EXT4_VARIANT_NAMES.join(', ')}`,
  ),
  errorCases: value(
    count('The number of cases', MAX_ERROR_CASES),
    'cases of errors in the io-error step (default: as many as there is time for)',
  ),
  shard: value(shard, 'only the I-th of N shares of each run, such as 1/2, for pullplug merge'),
  subject: valueOr(
    'wal',
    subjectName,
    `wal; a description such as ./pullplug.json; or a control of wal to see it fail: ${SUBJECTS.slice(1).join(', ')}`,
  ),
  out: valueOr('evidence', path, 'the folder where evidence is left'),
  lastFailed: flag(
    'run again what failed in the evidence of the subject in --out, and nothing else',
  ),
  maxFailures: value(
    count('The number of failures', MAX_FAILURES),
    'begin no further run after so many failures; one that was begun is made whole',
  ),
  ...AMOUNT,
  reporter: reporterOption,
  json: flag('the runs and the gate’s advice as JSON'),
  noInstall: flag('install no system packages and set up no emulators'),
}
type Options = Given<typeof OPTIONS>

function tellMissing(missing: MissingCell[], progress: Progress): void {
  for (const { cell, needs, asked } of missing) {
    const told = `Not run here: ${cell} needs ${needs.join('; and ')}`
    if (asked) progress.problem(told)
    else progress.line(told)
  }
}

function powerCutSettings(options: Options): PowerCutSettings {
  const { states = null, exhaustive, tear, ext4 = null } = options
  return { states, exhaustive, tearBytes: tear === '512' ? 512 : 4096, ext4 }
}

/** What a subject is described by, where it is none that is known by name. Throws as `readDescription`. */
function describedBy(subject: string): Described | null {
  if (SUBJECTS.includes(subject)) return null
  return { subject: readDescription(subject), path: subject }
}

/** What only our log can be asked for, since it takes a disk and is part of the program. */
function checkDescribed({ everyPoint, arch }: Options): void {
  if (everyPoint) {
    throw new UsageError(
      '--every-point is for our own log: `pullplug test --tier kill --every-point` kills a described subject so',
    )
  }
  const other = arch?.find((each) => each !== nativeArch())
  if (other !== undefined) {
    throw new UsageError(
      `a described subject runs on this machine’s ${nativeArch()}, not on ${other}`,
    )
  }
}

function checkTogether(options: Options, described: Described | null): void {
  const { states, exhaustive, shard, everyPoint, iterations, out } = options
  const problem = outProblem(out, described?.path ?? null)
  if (problem !== null) throw new UsageError(problem)
  if (described !== null) checkDescribed(options)
  if (states !== undefined && exhaustive) {
    throw new UsageError('--states and --exhaustive exclude each other')
  }
  if (shard !== undefined && !everyPoint && shard.of > iterations) {
    throw new UsageError(
      `${shard.of} shards cannot share ${iterations} iterations; there can be at most ${iterations}`,
    )
  }
}

/** What failed last says by itself of which seeds and how many iterations it is. */
function checkLastFailed(options: Options): void {
  const { seed, runs, iterations, everyPoint, states, exhaustive, ext4, errorCases, shard } =
    options
  const { tear, reporter } = options
  const others = {
    ...{ seed, runs: runs !== 1, iterations: iterations !== USUAL_ITERATIONS, everyPoint, states },
    ...{ exhaustive, tear: tear !== '512', ext4, errorCases, shard },
    reporter: reporter.length > 0,
  }
  const other = Object.entries(others).find(([, each]) => each !== undefined && each !== false)
  if (other === undefined) return
  throw new UsageError(`--last-failed and --${optionName(other[0])} exclude each other`)
}

async function run(options: Options): Promise<number> {
  const described = describedBy(options.subject)
  checkTogether(options, described)
  const amount = amountOf(options)
  assertApart(options.reporter)
  assertPlaces(options.reporter)
  const { arch, fs, seed, json, out, noInstall, ...rest } = options
  const name = described?.subject.description.name ?? rest.subject
  if (options.lastFailed) {
    checkLastFailed(options)
    const subjectPath = described?.path ?? null
    const of = { arches: arch, fileSystems: fs, subject: name, subjectPath }
    return await replayLastFailed({ out, ...of, maxFailures: rest.maxFailures, json })
  }
  requireResources()
  const startedMs = performance.now()
  const progress = createProgress({ amount })
  // Before the lock, which makes a clean tree dirty where nobody ignores the folder.
  const { checkout, problem } = await checkoutOf(process.cwd(), out)
  const { result, decision } = await interruptible((signal) =>
    withLock(out, async () => {
      const request = {
        ...rest,
        subject: name,
        described,
        arches: arch,
        fileSystems: fs,
        seed,
        powerCut: powerCutSettings(options),
        errorCases: options.errorCases ?? null,
        shard: rest.shard ?? null,
        out,
        checkout,
        install: !noInstall,
      }
      if (problem !== null) {
        progress.line(`Evidence will name no commit, and the gate will refuse it: ${problem}.`)
      }
      // A device whose harness was killed would let whoever looks at loop devices wait.
      await cleanAndTell(progress)
      if (described !== null) await assertKeepsContract(described.subject, signal)
      const result = await runMatrix(request, progress, signal)
      const { decision } = await runGate({
        directory: out,
        description: described?.subject.description ?? null,
        advisory: true,
      })
      return { result, decision }
    }),
  )
  tellMissing(result.missing, progress)
  if (options.reporter.length > 0) {
    const report = reportOfMatrix(result)
    if (report === null) progress.line('No report is left, since no cell was run')
    else writeReports(report, options.reporter)
  }
  if (json) {
    const runs = result.runs.map(({ run, path }) => ({ path: relative('', path), run }))
    await answerJson({ runs, gate: decision })
  } else {
    const verdict = verdictOfMatrix(result, performance.now() - startedMs)
    const more = [
      ...(result.runs.length > 0 ? [renderRuns(result.runs), ''] : []),
      colours.dim(adviceInWords(decision, out)),
    ]
    const stories = renderStories(result.runs)
    const table = amount === 'quiet' ? [] : more
    await answer({ rendered: [...stories, ...table, verdict].join('\n') })
  }
  return matrixExitCode(result)
}

/** `pullplug matrix`. */
export const matrix = command({
  options: OPTIONS,
  notes: `Progress goes to standard error. A run whose reader has gone is finished all the same, since its evidence is what it is for; it then exits 141.`,
  examples: [
    ['pullplug matrix', 'this machine × ext4 and xfs'],
    ['pullplug matrix --arch all', 'every cell, other architectures by QEMU'],
    ['pullplug matrix --fs xfs --seed 42 --iterations 500'],
    ['pullplug matrix --fs ext4 --ext4 data=journal --states 20000'],
    ['pullplug matrix --seed 42 --shard 1/2', 'half of a run, for pullplug merge'],
    ['pullplug matrix --every-point', 'every operation of open, append and recovery'],
    ['pullplug matrix --subject ./pullplug.json', 'a program of your own'],
    ['pullplug matrix --subject no-truncation', 'what a failure looks like'],
    ['pullplug matrix --last-failed', 'what failed in evidence/, again'],
  ],
  makesThings: true,
  run,
})
