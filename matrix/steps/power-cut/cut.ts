import { packRecording } from '../../../harness/crash-states/recording-file.ts'
import { stateName } from '../../../harness/crash-states/state.ts'
import { cutPower, type Extent } from '../../../harness/power-cut/campaign.ts'
import type { Campaign, StateProblem } from '../../../harness/power-cut/campaign-result.ts'
import { lacksForPowerCuts } from '../../../harness/power-cut/requirements.ts'
import { Rig } from '../../../harness/power-cut/rig.ts'
import type { SubjectHost } from '../../../harness/power-cut/subject-host.ts'
import { needsInWords } from '../../../harness/process/lack.ts'
import { MachineError } from '../../../harness/process/machine-error.ts'
import type { FileSystemName } from '../../../harness/volume/file-systems/index.ts'
import { WORKING_DIRECTORY } from '../../cells.ts'
import type { PowerCutStatesRecord } from '../../evidence/power-cut-states.ts'
import { recordedDetail, recordedFailures } from '../../evidence/recorded.ts'
import { stateReplayLine } from '../../evidence/replay-line.ts'
import type {
  PowerCutControlRecord,
  PowerCutRecord,
  PowerCutSettings,
  StateProblemRecord,
} from '../../evidence/types.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { UNMADE } from './conclude.ts'
import { statesOfCampaign } from './states-record.ts'

/** A run that names no number of states spends so long on this step, its controls among it. */
const BUDGET_MS = { native: 18_000, emulated: 8_000 }
/** And so long at least on the subject, however slowly the controls went. */
const LEAST_MS = 3_000

/** So many problems are told at once; the others stand in the evidence. */
const TOLD_PROBLEMS = 3

/** What the power of this cell can't be cut for, in words; null when it can. */
async function whySkipped(fileSystem: string): Promise<string | null> {
  if (fileSystem === WORKING_DIRECTORY) return 'it needs a volume of its own'
  return needsInWords(await lacksForPowerCuts(fileSystem as FileSystemName))
}

function extentOf(
  { states, exhaustive }: PowerCutSettings,
  shard: StepContext['shard'],
  leftMs: number,
): Extent {
  if (exhaustive) return 'exhaustive'
  if (states === null) return { forMs: Math.max(leftMs, LEAST_MS) }
  return { states: Math.ceil(states / (shard?.of ?? 1)) }
}

/** How many states, or how long, an extent is known to come to. */
function totalOf(extent: Extent): { of?: number; forMs?: number } {
  if (extent === 'exhaustive') return {}
  return 'states' in extent ? { of: extent.states } : extent
}

function problemRecord(
  { id, state: _, ...problem }: StateProblem,
  { evidencePath, described }: StepContext,
): StateProblemRecord {
  const state = stateName(id)
  return {
    state,
    ...problem,
    failures: recordedFailures(problem.failures),
    notJudged: recordedDetail(problem.notJudged),
    replay: stateReplayLine(evidencePath, state, described?.path ?? null),
  }
}

function tellProblem(problem: StateProblemRecord, { progress, title }: StepContext): void {
  const [failure] = problem.failures
  const why = failure === undefined ? problem.notJudged : `${failure.name}: ${failure.detail}`
  progress.problem(
    `  ${title} state ${problem.state} ${failure === undefined ? 'not judged' : 'fail'}: ${why}`,
  )
  progress.problem(`    ${problem.replay}`)
}

function recordOf(
  campaign: Campaign,
  problems: StateProblemRecord[],
  controls: PowerCutControlRecord[],
): PowerCutRecord {
  const { drawn, distinct, tried, contents, byKind, inFull, failed, unconfirmed, unjudged } =
    campaign
  const { rounds, entries, confirmations, flushes, marker, injector, recordings } = campaign
  return {
    schema: 'https://pullplug.dev/schemas/power-cut/2.json',
    rounds,
    entries,
    states: { drawn, distinct, tried, contents, byKind, inFull, failed, unconfirmed, unjudged },
    confirmations,
    flushes,
    marker,
    injector,
    problems,
    controls,
    recordings: recordings.map(({ recording, tried, contents }) => ({
      round: recording.round,
      tried,
      contents,
    })),
  }
}

/** A subject whose power is cut. */
export interface Target {
  host: SubjectHost
  /** The size of the volume that it needs. */
  sizeBytes?: number | undefined
  /** Whether a recording that is too large to be kept is left out; such a run can't be made of our log. */
  mayLackRecordings: boolean
  /** Puts the controls to the test. */
  catchControls(rig: Rig): Promise<PowerCutControlRecord[]>
  conclude(record: PowerCutRecord): PowerCutOutcome
}

type PowerCutOutcome = Extract<StepOutcome, { name: 'power-cut' }>

interface Ran {
  record: PowerCutRecord
  states: PowerCutStatesRecord | null
  recordings: Map<number, Uint8Array>
}

/** The files of the recordings that are kept, by their rounds. */
function packed(
  { recordings }: Campaign,
  { seed, powerCut: { tearBytes } }: StepContext,
  { mayLackRecordings }: Target,
): Map<number, Uint8Array> {
  const files = new Map<number, Uint8Array>()
  for (const { recording } of recordings) {
    try {
      files.set(recording.round, packRecording({ recording, seed, tearBytes }))
    } catch (error) {
      if (!mayLackRecordings || !(error instanceof MachineError)) throw error
    }
  }
  return files
}

async function run(context: StepContext, target: Target): Promise<Ran> {
  const { fileSystem, powerCut, subject, seed, shard, runtime, signal, progress, title } = context
  const { host, sizeBytes } = target
  const startedMs = performance.now()
  const rig = await Rig.create({
    fileSystem: fileSystem as FileSystemName,
    variant: fileSystem === 'ext4' ? powerCut.ext4 : null,
    host,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    runtime,
    signal,
  })
  try {
    const controls = await target.catchControls(rig)
    const budgetMs = runtime.qemu === null ? BUDGET_MS.native : BUDGET_MS.emulated
    const leftMs = budgetMs - (performance.now() - startedMs)
    const extent = extentOf(powerCut, shard, leftMs)
    const problems: StateProblemRecord[] = []
    const campaign = await cutPower(rig, {
      subject,
      seed,
      tearBytes: powerCut.tearBytes,
      extent,
      ...(shard === null ? {} : { share: shard }),
      onProgress: (tried) =>
        progress.count(`${title} power-cut`, tried, { ...totalOf(extent), unit: 'states' }),
      onState: ({ id, what, verdict }) =>
        progress.detail(`  ${title} state ${stateName(id)} ${verdict}: ${what}`),
      onProblem: (problem) => {
        const record = problemRecord(problem, context)
        problems.push(record)
        if (problems.length <= TOLD_PROBLEMS) tellProblem(record, context)
      },
    })
    const recordings = packed(campaign, context, target)
    const kept = {
      ...campaign,
      recordings: campaign.recordings.filter(({ recording }) => recordings.has(recording.round)),
    }
    const states = statesOfCampaign(kept.recordings)
    return { record: recordOf(kept, problems, controls), states, recordings }
  } finally {
    await rig.remove()
  }
}

/** Cuts the power of a subject, and of its controls, which must be caught. */
export async function cutPowerOf(context: StepContext, target: Target): Promise<PowerCutOutcome> {
  const reason = await whySkipped(context.fileSystem)
  if (reason !== null) return { ...UNMADE, verdict: 'skipped', reason }
  const { record, states, recordings } = await run(context, target)
  // Only now: a step that could not be made to its end leaves neither.
  context.kept.powerCut = record
  context.kept.powerCutStates = states
  for (const [round, bytes] of recordings) context.kept.recordings.set(round, bytes)
  return target.conclude(record)
}
