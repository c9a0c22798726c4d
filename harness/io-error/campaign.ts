import type { CountedOperation } from '../observed/counted-operation.ts'
import type { OperationLane } from '../observed/lane.ts'
import { makeLanes, onAllLanes, removeLanes } from '../observed/lanes.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { planErrorHistory } from '../plan/error-history.ts'
import { type KilledHistory, shuffledBy } from '../plan/killed-history.ts'
import type { DescribedSubject } from '../subject/description.ts'
import type { Talker } from '../subject/see-recovery.ts'
import { ANSWER_MS } from './answer-ms.ts'
import { caseName, casesAt, type IoErrorCase } from './cases.ts'
import { type ErrorCaseResult, type PlannedError, playCase } from './error-case.ts'
import { IO_ERRORS } from './errors/index.ts'

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

/** However short the time is, so many cases are made. */
export const LEAST_CASES = 40
/** How often a case is tried whose error met no operation, since the program does not do the same each time. */
const TRIES = 3

/** A lane, and the processes that play in it. */
interface Player {
  onLook: ErrorCampaignOptions['onLook']
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
    playCase({ subject, ...player, looksAgain: isNew }, planned, given)
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
  const [first, second] = [await anew(), await anew()]
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

/** Counts a history without any error, which must pass: the cases that it has. Throws `CannotJudge`. */
async function count(
  subject: DescribedSubject,
  player: Player,
  planned: KilledHistory,
): Promise<CountedOperation[]> {
  await player.writer.stop()
  const { operations, problem } = await player.lane.count(planned, { reads: true, sizes: true })
  if (problem !== null) throw new CannotJudge(`without any error, ${problem}`)
  if (operations.length === 0) {
    throw new CannotJudge('without any error, it makes no operation in its directory')
  }
  const { verdict, failures, reason } = await judge(subject, player, planned, null)
  if (verdict === 'pass') return operations
  const [failure] = failures
  const why = failure === undefined ? reason : `${failure.name}: ${failure.detail}`
  throw new CannotJudge(`without any error it does not pass: ${why}`)
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
 * there is time. Returns the results in the order in which they ended. Throws `CannotJudge` where the first history does
 * not pass without an error, and as `playCase`.
 */
export async function meetErrors(options: ErrorCampaignOptions): Promise<ErrorCampaign> {
  const { subject, seed, extent, signal, onResult = () => {} } = options
  const { kind, timeoutMs = ANSWER_MS } = subject.description
  const untilMs = 'forMs' in extent ? performance.now() + extent.forMs : Number.POSITIVE_INFINITY
  const campaign: ErrorCampaign = { results: [], planned: 0, rounds: 0 }
  let begun = 0
  const isOver = (): boolean =>
    'cases' in extent ? begun >= extent.cases : performance.now() >= untilMs && begun >= LEAST_CASES
  const lanes = await makeLanes(options.root, { subject, signal, timeoutMs })
  const players = new Map(
    lanes.map((lane): [OperationLane, Player] => [
      lane,
      {
        lane,
        writer: lane.newWriter(),
        onLook: options.onLook,
        isKept: !(subject.description.fresh ?? false),
      },
    ]),
  )
  const playerOf = (lane: OperationLane): Player => players.get(lane) as Player
  const meetIn = async (round: number): Promise<void> => {
    const history = planErrorHistory(kind, seed, round)
    const operations = await count(subject, playerOf(lanes[0] as OperationLane), history)
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
      const result = { ...judged, name, case: given }
      campaign.results.push(result)
      onResult(result)
      return 'more'
    })
  }
  try {
    for (const round of roundsOf(options, isOver)) await meetIn(round)
    return campaign
  } finally {
    for (const { writer } of players.values()) await writer.stop()
    await removeLanes(lanes)
  }
}
