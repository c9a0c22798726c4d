import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Iteration } from '../harness/kill/iteration.ts'
import { Lanes } from '../harness/kill/lanes.ts'
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
import { rerunDescribed } from './steps/kill/any/rerun.ts'
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

/** Where any subject was killed at an operation, what stood there; null for any other fault. */
export function operationOf({ faults: [fault] }: Pick<IterationRecord, 'faults'>): string | null {
  return fault?.kind === 'kill-at-operation' ? `${fault.during}: ${fault.operation}` : null
}

/** What two of one iteration must have in common: with other operations than those on record, less. */
function isSame(recorded: IterationRecord, result: ReplayedIteration): boolean {
  // What is under way at a moment depends on the machine.
  const isMoment = recorded.faults.some(({ kind }) => kind === 'kill-at-moment')
  const isExact = !isMoment && operationOf(recorded) === operationOf(result)
  const outcomeOf = (each: ReplayedIteration): string => {
    const { delivered, acked, recovered, verdict } = each
    const failures = each.failures.map(({ name }) => name)
    return JSON.stringify({
      delivered,
      verdict,
      failures,
      ...(isExact ? { acked, recovered } : {}),
    })
  }
  return outcomeOf(recorded) === outcomeOf(result)
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
export async function fileSystemFor(run: RunRecord, progress: Progress): Promise<string> {
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

async function rerun(request: Rerun): Promise<ReplayedIteration> {
  const { fileSystem, signal, copies, subject } = request
  const place = await makePlace(fileSystem, signal)
  const copy = (name: string) => (directory: string) => {
    if (copies !== null) cpSync(directory, join(copies, name), { recursive: true })
  }
  const root = join(place.root, 'kill')
  mkdirSync(root)
  try {
    if (subject === null) return await runInLane(request, root, copy)
    const { recorded, run } = request
    return await rerunDescribed({ subject, seed: run.seed, recorded, root, copy, signal })
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
  const same = isSame(recorded, result)
  return { recorded, result, same, cell: `${runtime.arch}/${fileSystem}`, kept }
}
