import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Iteration } from '../harness/kill/iteration.ts'
import { Lanes } from '../harness/kill/lanes.ts'
import { runMomentIteration } from '../harness/kill/moment-iteration.ts'
import { planMoment } from '../harness/plan/moment.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import { type Runtime, THIS_NODE } from '../harness/process/runtime.ts'
import type { DescribedSubject } from '../harness/subject/description.ts'
import { shown, shownPath } from '../harness/text/shown.ts'
import { HOME } from '../subjects/home.ts'
import { WORKING_DIRECTORY } from './cells.ts'
import { chooseCells } from './choose-cells.ts'
import { type GoodRead, readRun } from './evidence/read.ts'
import type { IterationRecord, RunRecord } from './evidence/types.ts'
import { makePlace } from './place.ts'
import type { Progress } from './progress.ts'
import { subjectFor } from './replayable.ts'
import { runtimesFor } from './runtimes.ts'
import { momentRecord } from './steps/kill/any/moment-record.ts'
import { keepInWorkingFolder } from './working-folder.ts'

/** What is replayed, and whether the directory is kept to be looked at. */
export interface ReplayRequest {
  /** A `run-N` folder. */
  evidence: string
  /** Counted from 1; the first that did not pass unless given, or else the first. */
  iteration?: number
  /** The path of what describes its subject; null for our log and its controls. */
  subjectPath: string | null
  keep: boolean
  signal: AbortSignal
  progress: Progress
}

/** What came of an iteration when it was run again. */
export type ReplayedIteration = Omit<IterationRecord, 'schema' | 'replay'>

/** What came of a replay, beside what is on record. */
export interface Replay {
  recorded: IterationRecord
  result: ReplayedIteration
  /** Whether verdict, failures, acknowledgements and recovered entries are the same. */
  same: boolean
  /** The architecture and file system that it ran on, such as `riscv64/ext4`. */
  cell: string
  /** Where the directory was kept: as the faults left it, and as recovery did. */
  kept: string | null
}

/** A run's evidence. Throws a `MachineError` when it is not whole. */
export function readEvidence(path: string): GoodRead {
  const read = readRun(path, 'files')
  if (read.ok) return read
  throw new MachineError(
    existsSync(path) ? 'BROKEN' : 'MISSING',
    `${shownPath(path)} is no evidence that can be replayed: ${read.problem}`,
    'Give a run-N folder of evidence as it was written.',
  )
}

function choose(iterations: IterationRecord[], wanted: number | undefined): IterationRecord {
  const chosen =
    wanted === undefined
      ? (iterations.find(({ verdict }) => verdict !== 'pass') ?? iterations[0])
      : iterations.find(({ iteration }) => iteration === wanted)
  if (chosen !== undefined && chosen.faults.length > 0) return chosen
  if (chosen !== undefined) {
    throw new MachineError(
      'MISSING',
      `iteration ${chosen.iteration} recorded no fault: ${shown(chosen.reason ?? 'it does not say why')}`,
      'Run the whole again, by the line in its cmd.txt.',
    )
  }
  throw new MachineError(
    'MISSING',
    wanted === undefined ? 'this run has no iterations' : `this run has no iteration ${wanted}`,
    `It has ${iterations.length}, counted from 1.`,
  )
}

function outcomeOf(each: ReplayedIteration): string {
  const { delivered, acked, recovered, verdict } = each
  const failures = each.failures.map(({ name }) => name)
  // What is under way at a moment depends on the machine.
  const isMoment = each.faults.some(({ kind }) => kind === 'kill-at-moment')
  if (isMoment) return JSON.stringify({ delivered, verdict, failures })
  return JSON.stringify({ delivered, acked, recovered, verdict, failures })
}

/** What runs the recorded architecture here, else this machine's own, saying so. */
export async function runtimeFor(
  arch: string,
  { signal, progress }: Pick<ReplayRequest, 'signal' | 'progress'>,
): Promise<Runtime> {
  const runtime = (await runtimesFor([arch], signal)).get(arch)
  if (runtime !== undefined) return runtime
  progress.line(`It was recorded on ${arch} and is run again on ${THIS_NODE.arch}`)
  progress.line(`(\`pullplug setup --arch ${arch}\` would bring an emulator).`)
  return THIS_NODE
}

/** The recorded file system where this machine has it, else the working directory's, saying so. */
async function fileSystemFor(run: RunRecord, progress: Progress): Promise<string> {
  const { fileSystem } = run.cell
  const { missing } = await chooseCells([THIS_NODE.arch], [fileSystem])
  const [unable] = missing
  if (unable === undefined) return fileSystem
  progress.line(`No ${fileSystem} volume here (it needs ${unable.needs.join('; and ')}):`)
  progress.line('the working directory’s own file system stands in for it.')
  return WORKING_DIRECTORY
}

interface Rerun {
  run: RunRecord
  /** The subject of a run that a file describes; null for our log and its controls. */
  subject: DescribedSubject | null
  recorded: IterationRecord
  runtime: Runtime
  fileSystem: string
  signal: AbortSignal
  /** Where the directory is copied to as the faults left it, and as recovery did; null for nowhere. */
  copies: string | null
}

/** Runs an iteration of our log, or of a control of it, in a place. */
async function runInLane(
  { run, recorded, runtime, signal }: Rerun,
  root: string,
  copy: (name: string) => (directory: string) => void,
): Promise<ReplayedIteration> {
  const lanes = new Lanes({
    subject: run.subject,
    root,
    lanes: 1,
    runtime,
    home: HOME,
    signal,
    onFaulted: copy('after-fault'),
    onJudged: copy('after-recovery'),
  })
  try {
    const { records: _, ...result } = await lanes.run(recorded as Iteration)
    return result
  } finally {
    await lanes.stop()
  }
}

/** Kills a described subject again at the moment that is on record. */
async function runAtMoment(
  subject: DescribedSubject,
  { run, recorded, signal }: Rerun,
  root: string,
  copy: (name: string) => (directory: string) => void,
): Promise<ReplayedIteration> {
  const { seed } = run
  const result = await runMomentIteration(planMoment(seed, recorded.iteration), {
    subject,
    seed,
    directory: join(root, 'iteration'),
    signal,
    onFaulted: copy('after-fault'),
    onJudged: copy('after-recovery'),
  })
  return momentRecord(result, { seed, evidencePath: '', subjectPath: '' })
}

async function rerun(request: Rerun): Promise<ReplayedIteration> {
  const { fileSystem, signal, copies, subject } = request
  const place = await makePlace(fileSystem, signal)
  const copy = (name: string) => (directory: string) => {
    if (copies !== null) cpSync(directory, join(copies, name), { recursive: true })
  }
  const root = join(place.root, 'kill')
  mkdirSync(root)
  try {
    return subject === null
      ? await runInLane(request, root, copy)
      : await runAtMoment(subject, request, root, copy)
  } finally {
    await place.remove()
  }
}

/**
 * Runs one recorded iteration again: the same entries, the same faults at the same points. Throws a
 * `MachineError` when the evidence can't be read or the place can't be made.
 */
export async function replay(request: ReplayRequest): Promise<Replay> {
  const { signal, progress } = request
  const read = readEvidence(request.evidence)
  const { run, iterations } = read
  const subject = subjectFor(read, request)
  const recorded = choose(iterations, request.iteration)
  const fileSystem = await fileSystemFor(run, progress)
  const runtime = await runtimeFor(run.cell.arch, request)
  const again = (copies: string | null): Promise<ReplayedIteration> =>
    rerun({ run, subject, recorded, runtime, fileSystem, signal, copies })
  const { value: result, kept } = request.keep
    ? await keepInWorkingFolder(again)
    : { value: await again(null), kept: null }
  const same = outcomeOf(recorded) === outcomeOf(result)
  return { recorded, result, same, cell: `${runtime.arch}/${fileSystem}`, kept }
}
