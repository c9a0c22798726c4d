import type { CountedOperation } from '../observed/counted-operation.ts'
import type { OperationLane } from '../observed/lane.ts'
import { makeLanes, onAllLanes, removeLanes } from '../observed/lanes.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { planErrorHistory } from '../plan/error-history.ts'
import { shuffledBy } from '../plan/killed-history.ts'
import type { PlannedHistory } from '../plan/planned-history.ts'
import type { DescribedSubject } from '../subject/description.ts'
import type { Talker } from '../subject/see-recovery.ts'
import { ANSWER_MS } from './answer-ms.ts'
import { type ErrorCaseResult, UNTRIED } from './case-result.ts'
import { caseName, casesAt, type IoErrorCase } from './cases.ts'
import { type PlannedError, playCase } from './error-case.ts'
import { IO_ERRORS } from './errors/index.ts'
import { LEAST_CASES } from './limits.ts'
import { makeSurely } from './make-surely.ts'

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

/** A lane, and the processes that play in it. */
interface Player {
  onLook: ErrorCampaignOptions['onLook']
  lane: OperationLane
  writer: Talker
  /** Whether the writer is kept from one case to the next; not where that was seen to change a verdict. */
  isKept: boolean
  /** Whether what the program makes durable is seen: without an error, no power cut behind a change loses it. */
  cutsPower: boolean
}

/** A case, made so that its verdict can be told. */
async function judge(
  subject: DescribedSubject,
  player: Player,
  planned: PlannedHistory,
  given: PlannedError | null,
): Promise<ErrorCaseResult> {
  const once = async (isNew: boolean): Promise<ErrorCaseResult> => {
    if (isNew) {
      await player.writer.stop()
      await player.lane.talker.stop()
    }
    const result = await playCase({ subject, ...player, looksAgain: isNew }, planned, given)
    // Without an error there is none that could have met nothing.
    return given === null ? { ...result, delivered: true } : result
  }
  return await makeSurely(once, player)
}

interface Due {
  name: string
  given: IoErrorCase
}

/** The operations of a history, which must pass without any error; or why it doesn't, in a sentence. */
async function countOrSay(
  subject: DescribedSubject,
  player: Player,
  planned: PlannedHistory,
): Promise<CountedOperation[] | string> {
  await player.writer.stop()
  const { operations, problem } = await player.lane.count(planned, { reads: true, sizes: true })
  if (problem !== null) return `without any error, ${problem}`
  if (operations.length === 0) return 'without any error, it makes no operation in its directory'
  // What is made durable by other calls than those that are seen, or not at all, says nothing behind an error either.
  player.cutsPower = true
  player.cutsPower = (await judge(subject, player, planned, null)).verdict === 'pass'
  if (player.cutsPower) return operations
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
  return { ...UNTRIED, reason, name: `${round}.${caseName(given)}`, case: given }
}

/** The histories that are needed, in order; without end where there is time. */
function* roundsOf(
  { extent, share = { index: 1, of: 1 } }: ErrorCampaignOptions,
  isOver: () => boolean,
): Generator<number> {
  if (!('names' in extent)) {
    for (let round = share.index; !isOver(); round += share.of) yield round
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
    lanes.map((lane): [OperationLane, Player] => [
      lane,
      {
        lane,
        writer: lane.newWriter(),
        onLook: options.onLook,
        isKept: !(subject.description.fresh ?? false),
        cutsPower: false,
      },
    ]),
  )
  const playerOf = (lane: OperationLane): Player => players.get(lane) as Player
  const keep = (result: NamedErrorCase): void => {
    campaign.results.push(result)
    onResult(result)
  }
  const meetIn = async (round: number): Promise<void> => {
    const history = planErrorHistory(kind, seed, round)
    const counting = playerOf(lanes[0] as OperationLane)
    const operations = await countOrSay(subject, counting, history)
    if (typeof operations === 'string') {
      // What was found until then stays.
      if (campaign.results.length === 0) throw new CannotJudge(operations)
      keep(notCounted(round, operations))
      stopped = !('names' in extent)
      return
    }
    for (const player of players.values()) player.cutsPower = counting.cutsPower
    const all = casesAt(operations).map((given): Due => {
      return { name: `${round}.${caseName(given)}`, given }
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
      const judged = await judge(subject, playerOf(lane), history, planned)
      keep({ ...judged, name, case: given })
      return 'more'
    })
  }
  try {
    for (const round of roundsOf(options, isOver)) await meetIn(round)
    return campaign
  } finally {
    await Promise.allSettled([...players.values()].map(({ writer }) => writer.stop()))
    await removeLanes(lanes)
  }
}
