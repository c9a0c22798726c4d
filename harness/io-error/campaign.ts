import type { OperationLane } from '../observed/lane.ts'
import { makeLanes, onAllLanes, removeLanes } from '../observed/lanes.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { planErrorPart } from '../plan/error-history.ts'
import { shuffledBy } from '../plan/killed-history.ts'
import { type HistoryPart, partName, partsOf } from '../plan/part-of-history.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { ANSWER_MS } from './answer-ms.ts'
import { type ErrorCaseResult, UNTRIED } from './case-result.ts'
import { caseName, casesAt, type IoErrorCase } from './cases.ts'
import { IO_ERRORS } from './errors/index.ts'
import { LEAST_CASES } from './limits.ts'
import { countOrSay, judgeCase, type Player, playerIn } from './player.ts'

/**
 * Cases of one history after another, until so many milliseconds have gone or so many are made; or those of these names
 * alone.
 */
export type ErrorExtent = { forMs: number } | { cases: number } | { names: readonly string[] }

export interface ErrorCampaignOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for these cases alone. */
  root: string
  extent: ErrorExtent
  /** Which of the histories: every `of`-th from the `index`-th on; all unless given. */
  share?: { index: number; of: number } | undefined
  signal?: AbortSignal | undefined
  /** Once it says so, no further case is begun. */
  isEnough?: (() => boolean) | undefined
  onResult?: (result: NamedErrorCase) => void
  /** Is called with the directory of a case before it is looked at. */
  onLook?: ((directory: string) => void) | undefined
}

/** A case, and the name by which it is made again: the history and the case in it, such as `1.12-EIO-reopens`. */
export interface NamedErrorCase extends ErrorCaseResult {
  name: string
  case: IoErrorCase
}

export interface ErrorCampaign {
  results: NamedErrorCase[]
  /** How many cases the histories have of which some were made. */
  planned: number
  /** How many histories were begun. */
  rounds: number
}

/** The name of a case in a history. */
export function caseIn(part: HistoryPart, given: IoErrorCase): string {
  return `${partName(part)}.${caseName(given)}`
}

interface Due {
  name: string
  given: IoErrorCase
}

/** What stands for the cases of a history that can't be judged. */
function notCounted(round: number, reason: string): NamedErrorCase {
  const place = { number: 1, during: 'open', kind: 'open', name: 'open .' } as const
  const operation = { ...place, lengthBytes: 0, growsBytes: 0, stopsBytes: [] }
  const given: IoErrorCase = { operation, error: 'EIO', sequel: 'goes-on' }
  return { ...UNTRIED, reason, name: `${round}.${caseName(given)}`, case: given }
}

/** The histories that are needed, in order; without end where there is time. */
function* historiesOf(
  { extent, share = { index: 1, of: 1 } }: ErrorCampaignOptions,
  isOver: () => boolean,
): Generator<HistoryPart> {
  if ('names' in extent) {
    yield* partsOf(extent.names)
    return
  }
  for (let round = share.index; !isOver(); round += share.of) yield { round, range: null }
}

/**
 * Makes one case after another: every error at every operation of a short history, then of the next ones, as long as
 * there is time. Returns the results in the order in which they ended. A later history that does not pass without an
 * error has a result that is inconclusive; where it is the first one, throws `CannotJudge`. Throws as `playCase`.
 */
export async function meetErrors(options: ErrorCampaignOptions): Promise<ErrorCampaign> {
  const { subject, seed, extent, signal, onResult = () => {} } = options
  const { kind, timeoutMs = ANSWER_MS } = subject.description
  const untilMs = 'forMs' in extent ? performance.now() + extent.forMs : Number.POSITIVE_INFINITY
  const campaign: ErrorCampaign = { results: [], planned: 0, rounds: 0 }
  let begun = 0
  let stopped = false
  const isOver = (): boolean => {
    if (stopped || options.isEnough?.() === true) return true
    if ('cases' in extent) return begun >= extent.cases
    return performance.now() >= untilMs && begun >= LEAST_CASES
  }
  const lanes = await makeLanes(options.root, { subject, signal, timeoutMs })
  const players = new Map(
    lanes.map((lane): [OperationLane, Player] => [lane, playerIn(subject, lane, options.onLook)]),
  )
  const playerOf = (lane: OperationLane): Player => players.get(lane) as Player
  const keep = (result: NamedErrorCase): void => {
    campaign.results.push(result)
    onResult(result)
  }
  const meetIn = async (part: HistoryPart): Promise<void> => {
    const history = planErrorPart(kind, seed, part)
    const counting = playerOf(lanes[0] as OperationLane)
    const operations = await countOrSay(subject, counting, history)
    if (typeof operations === 'string') {
      // What was found until then stays.
      if (campaign.results.length === 0) throw new CannotJudge(operations)
      keep(notCounted(part.round, operations))
      stopped = !('names' in extent)
      return
    }
    for (const player of players.values()) player.cutsPower = counting.cutsPower
    const all = casesAt(operations).map((given): Due => {
      return { name: caseIn(part, given), given }
    })
    campaign.planned += all.length
    campaign.rounds += 1
    const due =
      'names' in extent
        ? all.filter(({ name }) => extent.names.includes(name))
        : shuffledBy(seed, all)
    await onAllLanes(lanes, async (lane) => {
      const next = isOver() ? undefined : due.shift()
      if (next === undefined) return 'enough'
      begun += 1
      const { name, given } = next
      const { error, operation, sequel } = given
      const planned = { row: IO_ERRORS[error], operation, sequel }
      const judged = await judgeCase(subject, playerOf(lane), history, planned)
      keep({ ...judged, name, case: given })
      return 'more'
    })
  }
  try {
    for (const part of historiesOf(options, isOver)) await meetIn(part)
    return campaign
  } finally {
    await Promise.allSettled([...players.values()].map(({ writer }) => writer.stop()))
    await removeLanes(lanes)
  }
}
