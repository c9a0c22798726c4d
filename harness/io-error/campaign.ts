import type { CountedOperation } from '../observed/counted-operation.ts'
import type { OperationLane } from '../observed/lane.ts'
import { makeLanes, onAllLanes, removeLanes } from '../observed/lanes.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { planErrorHistory } from '../plan/error-history.ts'
import { type KilledHistory, shuffledBy } from '../plan/killed-history.ts'
import type { DescribedSubject } from '../subject/description.ts'
import type { Talker } from '../subject/see-recovery.ts'
import { caseName, casesAt, type IoErrorCase } from './cases.ts'
import {
  ANSWER_MS,
  type ErrorCaseResult,
  NOT_PLAYED,
  type PlannedError,
  playCase,
} from './error-case.ts'
import { IO_ERRORS } from './errors/index.ts'

/** Cases until so many milliseconds have gone, of one history after another; or those of these names alone. */
export type ErrorExtent = { forMs: number } | { names: readonly string[] }

export interface ErrorCampaignOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for these cases alone. */
  root: string
  extent: ErrorExtent
  signal?: AbortSignal | undefined
  onResult?: (result: NamedErrorCase) => void
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
}

/** However short the time is, so many cases are made. */
const LEAST_CASES = 40
/** How often a case is tried whose error met no operation, since the program does not do the same each time. */
const TRIES = 3
/** A lane, and the processes that play in it. */
interface Player {
  lane: OperationLane
  writer: Talker
  /** Whether the writer is kept from one case to the next; not where that was seen to change a verdict. */
  isKept: boolean
}

const isWrong = ({ verdict, reason }: ErrorCaseResult): boolean =>
  verdict === 'fail' || reason !== null

/** A case, once more where its error met nothing, and where it failed by processes that played nothing before. */
async function judge(
  subject: DescribedSubject,
  player: Player,
  planned: KilledHistory,
  given: PlannedError | null,
): Promise<ErrorCaseResult> {
  const { lane } = player
  const once = (isNew: boolean): Promise<ErrorCaseResult> =>
    playCase({ subject, lane, writer: player.writer, looksAgain: isNew }, planned, given)
  const anew = async (): Promise<ErrorCaseResult> => {
    await player.writer.stop()
    await lane.talker.stop()
    return await once(true)
  }
  let result = player.isKept ? await once(false) : await anew()
  for (let tries = 1; tries < TRIES && given !== null && !result.delivered; tries++) {
    result = await anew()
  }
  if (!player.isKept || !isWrong(result)) return result
  const first = await anew()
  // It stays without a verdict, whatever comes next; one that hangs takes long.
  if (first.reason !== null) return first
  const second = await anew()
  // What only a process shows that has played other histories is of our making, and no process is kept any more.
  if (!isWrong(first) && !isWrong(second)) player.isKept = false
  return isWrong(first) === isWrong(second)
    ? first
    : { ...first, verdict: 'inconclusive', failures: [], reason: differently(first, second) }
}

function differently(...both: ErrorCaseResult[]): string {
  const told = both.map(({ verdict, failures: [failure], reason }) =>
    failure === undefined ? (reason ?? verdict) : `${failure.name}: ${failure.detail}`,
  )
  return `it came out differently when it was made again: ${told.join('; and then ')}`
}

interface Due {
  name: string
  given: IoErrorCase
}

/** The operations of a history, which must pass without any error; or why it doesn't, in a sentence. */
async function countOrSay(
  subject: DescribedSubject,
  player: Player,
  planned: KilledHistory,
): Promise<CountedOperation[] | string> {
  await player.writer.stop()
  const { operations, problem } = await player.lane.count(planned, { reads: true, sizes: true })
  if (problem !== null) return `without any error, ${problem}`
  if (operations.length === 0) return 'without any error, it makes no operation in its directory'
  const { verdict, failures, reason } = await judge(subject, player, planned, null)
  if (verdict === 'pass') return operations
  const [failure] = failures
  const why = failure === undefined ? reason : `${failure.name}: ${failure.detail}`
  return `without any error it does not pass: ${why}`
}

/** What stands for the cases of a history that can't be judged. */
function notCounted(round: number, reason: string): NamedErrorCase {
  const place = { number: 1, during: 'open', kind: 'open', name: 'open .' } as const
  const operation = { ...place, lengthBytes: 0, growsBytes: 0, stopsBytes: [] }
  const given: IoErrorCase = { operation, error: 'EIO', sequel: 'goes-on' }
  return { ...NOT_PLAYED, reason, name: `${round}.${caseName(given)}`, case: given }
}

/** The histories that are needed, in order; without end where there is time. */
function* roundsOf(extent: ErrorExtent, isOver: () => boolean): Generator<number> {
  if ('forMs' in extent) {
    for (let round = 1; !isOver(); round++) yield round
    return
  }
  const rounds = extent.names.map((name) => Number(name.split('.')[0]))
  yield* [...new Set(rounds)].sort((a, b) => a - b)
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
  const campaign: ErrorCampaign = { results: [], planned: 0 }
  let stopped = false
  const isOver = (): boolean =>
    stopped || (performance.now() >= untilMs && campaign.results.length >= LEAST_CASES)
  const lanes = await makeLanes(options.root, { subject, signal, timeoutMs })
  const players = new Map(
    lanes.map((lane): [OperationLane, Player] => [
      lane,
      { lane, writer: lane.newWriter(), isKept: !(subject.description.fresh ?? false) },
    ]),
  )
  const playerOf = (lane: OperationLane): Player => players.get(lane) as Player
  const keep = (result: NamedErrorCase): void => {
    campaign.results.push(result)
    onResult(result)
  }
  const meetIn = async (round: number): Promise<void> => {
    const history = planErrorHistory(kind, seed, round)
    const operations = await countOrSay(subject, playerOf(lanes[0] as OperationLane), history)
    if (typeof operations === 'string') {
      // What was found until then stays.
      if (campaign.results.length === 0) throw new CannotJudge(operations)
      keep(notCounted(round, operations))
      stopped = 'forMs' in extent
      return
    }
    const all = casesAt(operations).map((given): Due => {
      return { name: `${round}.${caseName(given)}`, given }
    })
    campaign.planned += all.length
    const due =
      'names' in extent
        ? all.filter(({ name }) => extent.names.includes(name))
        : shuffledBy(seed, all)
    await onAllLanes(lanes, async (lane) => {
      const next = isOver() ? undefined : due.shift()
      if (next === undefined) return 'enough'
      const { name, given } = next
      const { error, operation, sequel } = given
      const planned = { row: IO_ERRORS[error], operation, sequel }
      const judged = await judge(subject, playerOf(lane), history, planned)
      keep({ ...judged, name, case: given })
      return 'more'
    })
  }
  try {
    for (const round of roundsOf(extent, isOver)) await meetIn(round)
    return campaign
  } finally {
    await Promise.allSettled([...players.values()].map(({ writer }) => writer.stop()))
    await removeLanes(lanes)
  }
}
