import { MachineError } from '../../harness/process/machine-error.ts'
import { answer } from '../answer.ts'
import { readRun, withoutBytes } from '../evidence/read.ts'
import { findRuns } from '../evidence/tree.ts'
import { EXIT } from '../exit-code.ts'
import { readEvidence } from '../replay.ts'
import { shownPath } from '../shown.ts'
import { secondsInWords, verdictLine } from '../verdict-line.ts'
import { replay } from './replay.ts'
import { stateId } from './values.ts'

/** Of a step with more failures, the first ones are run again. */
const MOST_OF_A_STEP = 10

/** Which evidence is looked at. */
export interface LastFailedRequest {
  /** The evidence folder. */
  out: string
  arches: readonly string[] | undefined
  fileSystems: readonly string[] | undefined
  /** The name of the subject, and the path of what describes it; null for our log and its controls. */
  subject: string
  subjectPath: string | null
  /** Once so many failed again, the others are left; all are run unless given. */
  maxFailures?: number | undefined
  json: boolean
}

/** One part of a run that failed: what `replay` is told to run again, and as it would be typed. */
interface FailedPart {
  path: string
  typed: string
  part: { iteration?: number; state?: ReturnType<typeof stateId>; case?: string }
}

/** What failed in a run and can be run again alone, and the steps that failed and can't. Throws as `readEvidence`. */
function failedIn(path: string): { parts: FailedPart[]; whole: string[] } {
  const { run, iterations, powerCut, ioError } = readEvidence(path)
  const failed = <P extends { failures: readonly unknown[] }>(problems: readonly P[] = []): P[] =>
    problems.filter(({ failures }) => failures.length > 0).slice(0, MOST_OF_A_STEP)
  const bad = iterations.filter(({ verdict }) => verdict === 'fail').slice(0, MOST_OF_A_STEP)
  const where = shownPath(path)
  const parts = [
    ...bad.map(({ iteration }) => ({
      typed: `${where} --iteration ${iteration}`,
      part: { iteration },
    })),
    ...failed(powerCut?.problems).map(({ state }) => ({
      typed: `${where} --state ${state}`,
      part: { state: stateId(state) },
    })),
    ...failed(ioError?.problems).map((problem) => ({
      typed: `${where} --case ${problem.case}`,
      part: { case: problem.case },
    })),
  ]
  const replayable = ['kill', 'power-cut', 'io-error']
  const steps = run.steps.filter(({ verdict }) => verdict === 'fail')
  return {
    parts: parts.map((part) => ({ path, ...part })),
    whole: steps.map(({ name }) => name).filter((name) => !replayable.includes(name)),
  }
}

/** The runs that are asked about; of one that can't be read, reading it again says why. */
function runsOf({ out, arches, fileSystems, subject }: LastFailedRequest): string[] {
  const asked = (names: readonly string[] | undefined, name: string): boolean =>
    names?.includes(name) !== false
  return findRuns(out).runs.flatMap(({ arch, fileSystem, path }) => {
    if (!asked(arches, arch) || !asked(fileSystems, fileSystem)) return []
    const read = withoutBytes(readRun(path))
    return read.ok && read.run.subject !== subject ? [] : [path]
  })
}

/** What came of all that was run again, as a verdict and in words. */
function concluded(
  codes: readonly number[],
  left: number,
  whole: readonly string[],
  where: string,
): { verdict: 'pass' | 'fail' | 'inconclusive'; facts: string[] } {
  const again = codes.filter((code) => code === EXIT.fail).length
  const unsure = codes.some((code) => code !== EXIT.fail && code !== EXIT.pass)
  const open = unsure || whole.length > 0 ? 'inconclusive' : 'pass'
  const cannot = `${whole.join(', ')} failed, and only a whole run makes it again`
  return {
    verdict: again > 0 ? 'fail' : open,
    facts: [
      `${again} of ${codes.length} failures in ${where} failed again`,
      left === 0 ? '' : `not run, by --max-failures: ${left} more`,
      whole.length === 0 ? '' : cannot,
    ],
  }
}

/**
 * Runs again what failed in the evidence of a subject, one after another, and answers with each and a verdict. Returns the
 * exit code. Throws a `MachineError` where there is no run of it, and as `findRuns` and `replay`.
 */
export async function replayLastFailed(request: LastFailedRequest): Promise<number> {
  const { out, subject, subjectPath, json, maxFailures = Number.POSITIVE_INFINITY } = request
  const startedMs = performance.now()
  const where = shownPath(out)
  const runs = runsOf(request)
  if (runs.length === 0) {
    throw new MachineError(
      'MISSING',
      `there is no run of ${subject} in ${where} whose failures could be run again`,
      'Run `pullplug matrix` without --last-failed, or name its folder with --out.',
    )
  }
  const failed = runs.map(failedIn)
  const parts = failed.flatMap((each) => each.parts)
  const whole = [...new Set(failed.flatMap((each) => each.whole))]
  if (parts.length + whole.length === 0) {
    const nothing = `nothing failed in the evidence of ${subject} in ${where}`
    if (!json) await answer({ rendered: verdictLine('pass', [nothing]) })
    return EXIT.pass
  }
  const codes: number[] = []
  for (const each of parts) {
    if (codes.filter((code) => code === EXIT.fail).length >= maxFailures) break
    const given = { ...each.part, keep: false, withoutMount: false, json }
    const described = subjectPath === null ? {} : { subject: subjectPath }
    if (!json) await answer([each.typed])
    codes.push(await replay.run({ ...given, ...described } as never, [each.path]))
  }
  const { verdict, facts } = concluded(codes, parts.length - codes.length, whole, where)
  const time = secondsInWords(performance.now() - startedMs)
  if (!json) await answer({ rendered: verdictLine(verdict, [...facts, time]) })
  return EXIT[verdict]
}
