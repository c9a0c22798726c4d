import type { Control } from '../controls/control.ts'
import { SECTOR_BYTES } from '../crash-states/device-request.ts'
import { type Recording, withoutFlushes } from '../crash-states/recording.ts'
import { stateInWords } from '../crash-states/state.ts'
import { statesOf } from '../crash-states/states.ts'
import type { FailureName } from '../oracle/failure.ts'
import { type PowerCutPlan, planPowerCut } from '../plan/power-cut.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import { FILE_SYSTEMS } from '../volume/file-systems/index.ts'
import type { StateResult } from './check-state.ts'
import type { CheckRequest } from './checker.ts'
import type { SecondLook } from './confirm-state.ts'
import type { Rig } from './rig.ts'
import type { Template } from './template.ts'

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
  /** The second looks that found it as well; without one it is not caught. */
  confirmedBy: SecondLook[]
  /** How many states it took, or how many did not show it. */
  states: number
  why: string | null
}

/** What every run says of a control, whatever came of it. */
export type PowerCutControl = Pick<PowerCutControlResult, 'name' | 'defect' | 'expectation' | 'why'>

/** So many states of a recording are tried. */
const MAX_STATES = 96
/** A control that is not caught in so many recordings is missed: on a busy machine one may show nothing. */
const MAX_RECORDINGS = 4

/** In how many states at most a control is looked for. */
export const mostStates = ({ expectation }: Pick<PowerCutControl, 'expectation'>): number =>
  MAX_STATES * recordingsFor(expectation)

function recordingsFor(expectation: PowerCutControl['expectation']): number {
  return expectation === 'caught' ? MAX_RECORDINGS : 1
}

/** What every control is recorded with. */
const SEED = 0

type Search = Pick<PowerCutControlResult, 'caught' | 'failure' | 'by' | 'confirmedBy' | 'states'>

/** So often is something of a recording looked at again. */
const MAX_LOOKS = 3

/** One way to look again at what a control did: it shows that the tier takes second looks, at half the price. */
export const CONFIRMED_BY: SecondLook[] = ['loop-mount']

/** Tries states until one fails; `requests` keeps those that were not tried. */
async function firstFailure(rig: Rig, recording: Recording, requests: Set<CheckRequest>) {
  let states = 0
  let found: { request: CheckRequest; result: StateResult } | undefined
  await rig.checkAll(recording, [...requests], (request, result) => {
    requests.delete(request)
    if (result.notJudged === null) states += 1
    if (result.failures.length === 0) return 'more'
    found ??= { request, result }
    return 'enough'
  })
  return { states, found }
}

async function search(rig: Rig, recording: Recording): Promise<Search> {
  const { distinct } = statesOf(recording, SEED, SECTOR_BYTES)
  const requests = new Set(distinct.slice(0, MAX_STATES).map((state) => ({ state, inFull: false })))
  let states = 0
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const tried = await firstFailure(rig, recording, requests)
    states += tried.states
    if (tried.found === undefined) break
    const { request, result } = tried.found
    const { failures, confirmedBy } = await rig.confirm(recording, request, result, CONFIRMED_BY)
    const [failure] = failures
    // What the second look does not find has not been caught.
    if (failure === undefined) continue
    const by = stateInWords(request.state)
    return { caught: true, failure: failure.name, by, confirmedBy, states }
  }
  return { caught: false, failure: null, by: null, confirmedBy: [], states }
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

export type OnVolume = Pick<Template, 'fileSystem' | 'variant'>

/** What is said of a control on a volume. */
export function controlOn(control: Control, { fileSystem, variant }: OnVolume): PowerCutControl {
  const { subject, defect, unseenByPowerCut } = control
  const why = unseenByPowerCut?.[variant ?? fileSystem] ?? unseenByPowerCut?.[fileSystem] ?? null
  return { name: subject.name, defect, expectation: why === null ? 'caught' : 'unseen', why }
}

const canMountUnflushed = (fileSystem: FileSystemName): boolean =>
  FILE_SYSTEMS[fileSystem].powerCut.unflushedOptions.length > 0

/** The control that is made of the subject itself, by the volume. */
export function barriersOff({ fileSystem }: OnVolume): PowerCutControl {
  return {
    name: 'barriers-off',
    defect: canMountUnflushed(fileSystem)
      ? 'the log itself, on a volume that is mounted with barriers off'
      : 'the log itself, on a disk that does nothing at a flush',
    expectation: 'caught',
    why: null,
  }
}

/** What one recovery can show; a control is not put through more. */
export const SHOWN_AT_ONCE: readonly FailureName[] = [
  'acked-lost',
  'hole',
  'phantom',
  'altered',
  'refused',
]

/**
 * Records a control, and cuts its power until the oracle finds a failure. A run which does not find it
 * has not shown that it would have found a bug. Throws as recording and checking do.
 */
export async function catchByPowerCut(rig: Rig, control: Control): Promise<PowerCutControlResult> {
  const { name, defect, expectation, why } = controlOn(control, rig.template)
  const recordings = recordingsFor(expectation)
  const found = await searchAll(rig, recordings, (plan) => rig.record(name, plan))
  return { name, defect, expectation, ...found, why }
}

/**
 * A plan beside which nobody else writes. All that is written without a flush is in flight together, and the states
 * of it grow with the square of that; a neighbour writes all the more, the slower the subject is.
 */
function undisturbed({ round, sessions }: PowerCutPlan): PowerCutPlan {
  return { round, sessions: sessions.map((session) => ({ ...session, busy: false })) }
}

/** The subject itself, on a volume without barriers: what it promises can't be kept there. */
export async function catchBarriersOff(rig: Rig, subject: string): Promise<PowerCutControlResult> {
  const { template } = rig
  const { unflushedOptions } = FILE_SYSTEMS[template.fileSystem].powerCut
  const mountOptions = [...template.mountOptions, ...unflushedOptions]
  const recordNext = async (planned: PowerCutPlan): Promise<Recording> => {
    const plan = undisturbed(planned)
    return canMountUnflushed(template.fileSystem)
      ? await rig.record(subject, plan, { ...template, mountOptions })
      : withoutFlushes(await rig.record(subject, plan))
  }
  const { name, defect, expectation, why } = barriersOff(template)
  const found = await searchAll(rig, MAX_RECORDINGS, recordNext)
  return { name, defect, expectation, ...found, why }
}
