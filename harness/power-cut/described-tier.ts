import { SECTOR_BYTES } from '../crash-states/device-request.ts'
import { isLossName } from '../crash-states/losses.ts'
import { stateInWords, stateName } from '../crash-states/state.ts'
import { type HistoryPart, readPart } from '../plan/part-of-history.ts'
import { needsInWords } from '../process/lack.ts'
import { ReduceBudget } from '../story/budget.ts'
import { type Alike, byCause } from '../story/causes.ts'
import type { Reduction } from '../story/story.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { promiseFor } from '../subject/promise.ts'
import type { Tier, TierOptions, TierProblem, TierResult } from '../tier.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import { catchAnyControls } from './any-controls.ts'
import { cutPower } from './campaign.ts'
import type { Campaign, StateProblem } from './campaign-result.ts'
import { describedHost } from './described-host.ts'
import { ownersAt } from './owners/views.ts'
import {
  type FailingState,
  makeAgain,
  reduceState,
  type SearchOptions,
  seeAgain,
} from './reduce-state.ts'
import { lacksForPowerCuts } from './requirements.ts'
import { Rig } from './rig.ts'
import { stripOfKept } from './strip-of-kept.ts'
import { tellState } from './tell-state.ts'

function problemOf({
  id,
  what,
  acked,
  recovered,
  failures,
  notJudged,
}: Omit<StateProblem, 'state' | 'kind' | 'confirmedBy'>): TierProblem {
  return { case: stateName(id), what, acked, recovered, failures, notJudged, story: null }
}

/** A state that failed, with its story. */
async function toldState(
  subject: DescribedSubject,
  failing: FailingState,
  { reduced, count }: { reduced: Reduction | null; count: number },
  signal: AbortSignal,
): Promise<TierProblem> {
  const { recording, state, result } = failing
  const owners = await ownersAt(recording, state.epoch.endPosition, { signal })
  const story = tellState(subject, failing, { owners, reduced })
  const { acked, recovered, failures } = result
  return {
    case: failing.case,
    what: stateInWords(state),
    acked,
    recovered,
    failures,
    notJudged: null,
    story: story && { ...story, count },
  }
}

interface Told {
  rig: Rig
  options: TierOptions
  search: SearchOptions
}

/** One failure of a campaign, made as small as there is time for; as it was found where nothing smaller fails. */
async function toldOf(
  { rig, options, search }: Told,
  campaign: Campaign,
  { first, count }: Alike<StateProblem>,
  budget: ReduceBudget,
): Promise<TierProblem> {
  const { subject, signal } = options
  const { id, state } = first
  const kept = campaign.recordings.find(({ recording }) => recording.round === id.round)
  const seen = kept && (await seeAgain(rig, kept.recording, state))
  if (seen === undefined || seen === null) return problemOf(first)
  const part = { round: id.round, range: null }
  const found = { ...seen, case: stateName(id) }
  const smaller = await budget.spend((forMs) => reduceState(rig, search, { ...found, part }, forMs))
  const { failing, reduced } = smaller ?? { failing: found, reduced: null }
  return await toldState(subject, failing, { reduced, count }, signal)
}

/** One failure of each cause, and those that could not be judged. */
async function toldByCause(told: Told, campaign: Campaign): Promise<TierProblem[]> {
  const failed = campaign.problems.filter(({ failures }) => failures.length > 0)
  const notJudged = campaign.problems.filter(({ failures }) => failures.length === 0)
  const problems: TierProblem[] = []
  const budget = new ReduceBudget()
  for (const alike of byCause(failed, ({ failures }) => failures[0]?.name ?? '')) {
    const name = alike.first.failures[0]?.name
    const count = (name && campaign.failedAs[name]) ?? alike.count
    problems.push(await toldOf(told, campaign, { ...alike, count }, budget))
  }
  return [...problems, ...notJudged.map(problemOf)]
}

type Tried = Omit<TierResult, 'controls' | 'of' | 'remark'>

/** So many recordings are told for a picture. */
const MAX_STRIPS = 3

/** States of one recording after another, as long as there is time; or all of one that is asked for. */
async function tryStates(told: Told, leftMs: number): Promise<Tried> {
  const { rig, options, search } = told
  const { only, onProgress, onCase, isEnough } = options
  const round = only === null ? null : Number(only.split('.')[0])
  const campaign = await cutPower(rig, {
    ...search,
    extent: round === null ? { forMs: Math.max(leftMs, LEAST_MS) } : 'exhaustive',
    ...(round === null ? {} : { share: { index: round, of: round } }),
    onProgress,
    isEnough,
    onState: ({ id, ...tried }) => onCase?.({ case: stateName(id), ...tried }),
  })
  const { tried, failed, unjudged, unconfirmed, contents } = campaign
  return {
    cases: tried,
    passed: tried - failed - unjudged - unconfirmed,
    failed,
    inconclusive: unjudged + (failed === 0 ? unconfirmed : 0),
    distinct: contents,
    problems: await toldByCause(told, campaign),
    strips: campaign.recordings
      .slice(0, MAX_STRIPS)
      .map((kept) => stripOfKept(kept, search.seed, search.tearBytes)),
  }
}

/** A state that is named by its cut and its loss. */
async function tryNamed(
  { rig, options: { subject, signal, onProgress, onCase }, search }: Told,
  { part, loss }: NamedState,
): Promise<Tried> {
  const { failing, tries } = await makeAgain(rig, search, part, loss)
  const told = failing && (await toldState(subject, failing, { reduced: null, count: 1 }, signal))
  const failed = told === null ? 0 : 1
  onProgress(tries)
  if (told !== null) onCase?.({ case: told.case, what: told.what, verdict: 'fail' })
  return {
    cases: tries,
    passed: tries - failed,
    failed,
    inconclusive: 0,
    distinct: null,
    problems: told === null ? [] : [told],
  }
}

interface NamedState {
  part: HistoryPart
  loss: string
}

/** Reads a name such as `1:2-2.c57-l55`; null for one that names no loss. */
function readNamed(only: string | null): NamedState | null {
  const part = only === null ? null : readPart(only)
  const loss = only?.slice(only.indexOf('.') + 1) ?? ''
  return part !== null && isLossName(loss) ? { part, loss } : null
}

async function runOn(fileSystem: FileSystemName, options: TierOptions): Promise<TierResult> {
  const { subject, seed, forMs, only, signal } = options
  const { name, kind, promises, volumeBytes } = subject.description
  const startedMs = performance.now()
  const rig = await Rig.create({
    fileSystem,
    host: describedHost(subject),
    ...(volumeBytes === undefined ? {} : { sizeBytes: volumeBytes }),
    signal,
  })
  try {
    const { round, range } = (only === null ? null : readPart(only)) ?? { round: 1, range: null }
    const recording = await rig.record(name, rig.planOf(seed, round, range))
    const promise = promiseFor(promises, 'power-cut')
    const controls = await catchAnyControls(rig, {
      recording,
      kind,
      promise,
      seed,
      tearBytes: SECTOR_BYTES,
    })
    const leftMs = forMs - (performance.now() - startedMs)
    const told = { rig, options, search: { subject: name, seed, tearBytes: SECTOR_BYTES } }
    const named = readNamed(only)
    const tried = await (named === null ? tryStates(told, leftMs) : tryNamed(told, named))
    return { ...tried, of: null, controls, remark: null }
  } finally {
    await rig.remove()
  }
}

/** However short the time is, states are tried for so long. */
const LEAST_MS = 1500

/** Cuts the power of any subject on a device that records. */
export const describedPowerCutTier: Tier = {
  name: 'power-cut',
  title: 'power cuts',
  async lacks(place) {
    if ('folder' in place) return 'it needs a volume of its own'
    return needsInWords(await lacksForPowerCuts(place.fileSystem))
  },
  async run(options) {
    if ('folder' in options.place) throw new Error('power cuts need a volume of their own')
    return await runOn(options.place.fileSystem, options)
  },
}
