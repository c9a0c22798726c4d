import { Crew } from '../harness/disk-subject/crew.ts'
import { CannotJudge } from '../harness/oracle/cannot-judge.ts'
import { isMachineError, reportError } from '../harness/process/error-report.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import type { Runtime } from '../harness/process/runtime.ts'
import type { Story } from '../harness/story/story.ts'
import { HOME } from '../subjects/home.ts'
import { statusOf } from './cells.ts'
import type { Checkout } from './commit.ts'
import { commandLine } from './evidence/command-line.ts'
import { recordedLog, recordedReason } from './evidence/recorded.ts'
import type { PowerCutSettings, RunRecord, StepRecord } from './evidence/types.ts'
import { verdictOf } from './evidence/verdict.ts'
import { writeRun } from './evidence/write.ts'
import { describeHost } from './host.ts'
import { packageVersion } from './package-root.ts'
import { makePlace } from './place.ts'
import type { Progress } from './progress.ts'
import { runName, type Shard } from './shard.ts'
import { stepsOf } from './steps/index.ts'
import type { Described, StepContext, StepRow } from './steps/row.ts'
import { storiesOf } from './stories/told.ts'

/** One run of one cell. */
export interface RunRequest {
  /** What runs the subject; its architecture is the cell's. */
  runtime: Runtime
  /** Those of the other architectures that are at hand. */
  peers: readonly Runtime[]
  fileSystem: string
  /** Counted from 1. */
  run: number
  /** The subject's name, and what describes it; null for our log and its controls. */
  subject: string
  described: Described | null
  seed: number
  iterations: number
  everyPoint: boolean
  powerCut: PowerCutSettings
  /** How many cases of errors; null for as many as there is time for. */
  errorCases: number | null
  shard: Shard | null
  /** The evidence folder. */
  out: string
  checkout: Checkout
  signal: AbortSignal
  progress: Progress
}

/** What came of it, and where its evidence stands. */
export interface CellRun {
  run: RunRecord
  path: string
  /** What failed of it, told. */
  stories: readonly Story[]
}

/** Makes one step; what the machine could not do makes it inconclusive, and says so. */
async function makeStep(step: StepRow, context: StepContext): Promise<StepRecord> {
  const startedMs = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedMs)
  try {
    const outcome = await step.run(context)
    const reason = recordedReason(outcome.reason)
    return { ...outcome, reason, durationMs: durationMs() } as StepRecord
  } catch (error) {
    context.signal.throwIfAborted()
    const known = error instanceof CannotJudge || error instanceof MachineError
    if (!known && !isMachineError(reportError(error))) throw error
    const remedy = error instanceof MachineError ? ` ${error.remedy}` : ''
    const reason = recordedReason(`${(error as Error).message}${remedy}`)
    return { ...step.unmade, reason, durationMs: durationMs() } as StepRecord
  }
}

/**
 * Runs a cell: makes its place, makes its steps in order, writes the evidence, undoes the place. A run
 * that is stopped leaves no evidence. Throws a `MachineError`, or what `signal` was aborted with.
 */
export async function runCell(request: RunRequest): Promise<CellRun> {
  const { runtime, fileSystem, progress, shard, signal } = request
  const { command: _, nodePath: __, ...runtimeRecord } = runtime
  const { arch } = runtime
  const subjectPath = request.described?.path ?? null
  const cell = `${arch}/${fileSystem}`
  const startedAt = new Date().toISOString()
  const kept: StepContext['kept'] = {
    iterations: [],
    logRecords: [],
    verifyReport: null,
    portability: null,
    powerCut: null,
    powerCutStates: null,
    ioError: null,
    recordings: new Map(),
    stories: new Map(),
  }
  const steps: StepRecord[] = []
  const place = await makePlace(fileSystem, signal)
  const crew = new Crew({ home: HOME, signal, runtime })
  try {
    for (const step of stepsOf(request.described?.subject.description ?? null)) {
      signal.throwIfAborted()
      const record = await makeStep(step, {
        ...request,
        root: place.root,
        title: cell,
        evidencePath: `${request.out}/${cell}/${runName(request.run, shard)}`,
        crew,
        kept,
      })
      steps.push(record)
      const seconds = (record.durationMs / 1000).toFixed(1)
      const reason = record.reason === null ? '' : `: ${record.reason}`
      const told = `  ${cell} ${record.name} ${record.verdict} (${seconds} s)${reason}`
      if (record.verdict === 'pass' || record.verdict === 'skipped') progress.line(told)
      else progress.problem(told)
    }
  } finally {
    progress.end()
    await crew.stop()
    await place.remove()
  }
  const verdict = verdictOf(steps)
  const run: RunRecord = {
    schema: 'https://pullplug.dev/schemas/run/5.json',
    tool: { name: 'pullplug', version: packageVersion },
    cell: { arch, fileSystem, status: statusOf(arch, fileSystem) },
    run: request.run,
    subject: request.subject,
    subjectPath,
    ...request.checkout,
    startedAt,
    finishedAt: new Date().toISOString(),
    seed: request.seed,
    iterations: request.everyPoint ? null : request.iterations,
    everyPoint: request.everyPoint,
    powerCut: request.powerCut,
    errorCases: request.errorCases,
    host: describeHost(),
    runtime: runtimeRecord,
    emulation: runtime.qemu === null ? 'none' : 'qemu-user',
    mount: place.mount,
    shard,
    shards: [],
    steps,
    verdict,
    pass: verdict === 'pass',
  }
  const description = request.described?.subject.description ?? null
  const stories = storiesOf(kept, description, kept.stories)
  const path = writeRun(request.out, {
    run,
    command: commandLine(run),
    description,
    ...kept,
    stories,
    logRecords: recordedLog(kept.logRecords),
  })
  return { run, path, stories: stories?.stories ?? [] }
}
