import type { Control } from '../controls/control.ts'
import type { FailureName } from '../oracle/failure.ts'
import { type PowerCutPlan, planPowerCut } from '../plan/power-cut.ts'
import { SECTOR_BYTES } from './device-memory.ts'
import { POWER_CUT_FILE_SYSTEMS } from './file-systems.ts'
import { type Recording, withoutFlushes } from './recording.ts'
import type { Rig } from './rig.ts'
import { stateInWords } from './state.ts'
import { statesOf } from './states.ts'

/** How a control fared when its power was cut. */
export interface PowerCutControlResult {
  name: string
  defect: string
  /** `unseen`: this file system can't show the defect; `why` says so. */
  expectation: 'caught' | 'unseen'
  caught: boolean
  /** The failure that it was caught by, and the state that showed it, in words. */
  failure: FailureName | null
  by: string | null
  /** How many states it took, or how many did not show it. */
  states: number
  why: string | null
}

/** So many states of a recording are tried. */
const MAX_STATES = 96
/** A control that is not caught in so many recordings is missed: on a busy machine one may show nothing. */
const MAX_RECORDINGS = 4

/** What every control is recorded with. */
const SEED = 0

type Search = Pick<PowerCutControlResult, 'caught' | 'failure' | 'by' | 'states'>

async function search(rig: Rig, recording: Recording): Promise<Search> {
  const { distinct } = statesOf(recording, SEED, SECTOR_BYTES)
  const requests = distinct.slice(0, MAX_STATES).map((state) => ({ state, inFull: false }))
  let states = 0
  let caughtBy: { failure: FailureName; by: string } | undefined
  await rig.checkAll(recording, requests, ({ state }, { failures, notJudged }) => {
    if (notJudged === null) states += 1
    const [failure] = failures
    if (failure === undefined) return 'more'
    caughtBy ??= { failure: failure.name, by: stateInWords(state) }
    return 'enough'
  })
  return {
    caught: caughtBy !== undefined,
    failure: caughtBy?.failure ?? null,
    by: caughtBy?.by ?? null,
    states,
  }
}

/** Searches one recording after another until something is caught. */
async function searchAll(
  rig: Rig,
  recordings: number,
  recordNext: (plan: PowerCutPlan) => Promise<Recording>,
): Promise<Search> {
  let states = 0
  for (let round = 1; ; round++) {
    const found = await search(rig, await recordNext(planPowerCut(SEED, round)))
    states += found.states
    if (found.caught || round === recordings) return { ...found, states }
  }
}

/**
 * Records a control, and cuts its power until the oracle finds a failure. A run which does not find it
 * has not shown that it would have found a bug. Throws as recording and checking do.
 */
export async function catchByPowerCut(rig: Rig, control: Control): Promise<PowerCutControlResult> {
  const { subject, defect, unseenByPowerCut } = control
  const { fileSystem, variant } = rig.template
  const why = unseenByPowerCut?.[variant ?? fileSystem] ?? unseenByPowerCut?.[fileSystem] ?? null
  const recordings = why === null ? MAX_RECORDINGS : 1
  return {
    name: subject.name,
    defect,
    expectation: why === null ? 'caught' : 'unseen',
    ...(await searchAll(rig, recordings, (plan) => rig.record(subject.name, plan))),
    why,
  }
}

/** The log itself, on a volume without barriers: what it promises can't be kept there. */
export async function catchBarriersOff(rig: Rig): Promise<PowerCutControlResult> {
  const { template } = rig
  const { unflushedOptions } = POWER_CUT_FILE_SYSTEMS[template.fileSystem]
  const canMount = unflushedOptions.length > 0
  const mountOptions = [...template.mountOptions, ...unflushedOptions]
  const recordNext = async (plan: PowerCutPlan): Promise<Recording> =>
    canMount
      ? await rig.record('wal', plan, { ...template, mountOptions })
      : withoutFlushes(await rig.record('wal', plan))
  return {
    name: 'barriers-off',
    defect: canMount
      ? 'the log itself, on a volume that is mounted with barriers off'
      : 'the log itself, on a disk that does nothing at a flush',
    expectation: 'caught',
    ...(await searchAll(rig, MAX_RECORDINGS, recordNext)),
    why: null,
  }
}
