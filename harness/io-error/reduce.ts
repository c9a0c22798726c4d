import { OperationLane } from '../observed/lane.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { planErrorPart } from '../plan/error-history.ts'
import { type HistoryPart, readPart } from '../plan/part-of-history.ts'
import { smallerParts, smallestPart } from '../plan/smaller-parts.ts'
import { makeDirectories } from '../process/make-directories.ts'
import type { Reduction } from '../story/story.ts'
import { alikePath, askedFor } from '../story/words.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { ANSWER_MS } from './answer-ms.ts'
import { caseIn } from './campaign.ts'
import { casesAt, type IoErrorCase } from './cases.ts'
import { IO_ERRORS } from './errors/index.ts'
import { countOrSay, judgeCase, type Player, playerIn } from './player.ts'
import { type ToldErrorCase, toldAtOperation } from './told.ts'

export interface ReduceErrorOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for this alone. */
  root: string
  /** How long smaller cases are tried. */
  forMs: number
  signal?: AbortSignal | undefined
}

/** A smaller case, and what looking for it took. */
export interface ReducedError {
  told: ToldErrorCase
  reduced: Reduction
}

/** So many cases of a part are tried. */
const MOST_CASES = 3
/** Behind the change that met the error so many can matter. */
const BEHIND = 2

/** Whether two cases are alike: the same error at an operation of the same kind, at the same file. */
function isAlike(one: IoErrorCase, other: IoErrorCase): boolean {
  return (
    one.error === other.error &&
    one.sequel === other.sequel &&
    askedFor(one.operation.during) === askedFor(other.operation.during) &&
    alikePath(one.operation.name) === alikePath(other.operation.name)
  )
}

/** The first case of a part that fails alike, each time; null where there is none. `tried` is called for each. */
async function failingIn(
  part: HistoryPart,
  failing: ToldErrorCase & { made: IoErrorCase },
  player: Player,
  { subject, seed }: ReduceErrorOptions,
  tried: () => void,
): Promise<ToldErrorCase | null> {
  const planned = planErrorPart(subject.description.kind, seed, part)
  const operations = await countOrSay(subject, player, planned)
  if (typeof operations === 'string') return null
  const alike = casesAt(operations).filter((each) => isAlike(each, failing.made))
  for (const given of alike.slice(0, MOST_CASES)) {
    tried()
    const { error, operation, sequel } = given
    const planning = { row: IO_ERRORS[error], operation, sequel }
    // It is made twice, the second time from nothing.
    const result = await judgeCase(subject, player, planned, planning)
    const fails =
      result.verdict === 'fail' && result.failures[0]?.name === failing.failures[0]?.name
    if (fails) return toldAtOperation({ ...result, name: caseIn(part, given), case: given })
  }
  return null
}

/**
 * Looks for a smaller case that fails alike: a shorter part of the same history, in which an operation of the same kind
 * at the same file meets the same error. Null where none does. Throws as `playCase`.
 */
export async function reduceError(
  options: ReduceErrorOptions,
  failing: ToldErrorCase,
): Promise<ReducedError | null> {
  const { subject, root, forMs, signal } = options
  const { made, struck, sent } = failing
  const part = readPart(failing.name)
  if (made === null || part === null || part.range !== null || sent < 2) return null
  const untilMs = performance.now() + forMs
  makeDirectories(root)
  const { timeoutMs = ANSWER_MS } = subject.description
  const lane = await OperationLane.create({ subject, folder: root, signal, timeoutMs })
  const player = playerIn(subject, lane)
  const met = Math.max(1, Math.min(sent, (struck?.sent ?? 0) + 1))
  let tries = 0
  try {
    const told = await smallestPart(
      smallerParts(sent, met, BEHIND),
      (range) =>
        failingIn({ round: part.round, range }, { ...failing, made }, player, options, () => {
          tries += 1
        }),
      () => performance.now() >= untilMs,
    )
    if (told === null) return null
    const [from, to] = [
      { changes: sent, lost: 1 },
      { changes: told.sent, lost: 1 },
    ]
    return { told, reduced: { from, to, tries } }
  } catch (error) {
    if (!(error instanceof CannotJudge)) throw error
    return null
  } finally {
    await player.writer.stop()
    await lane.remove()
  }
}
