import type { PlannedHistory } from '../plan/planned-history.ts'
import type { Broke } from '../process/dialogue.ts'
import type { Change, SentChange } from '../subject/change.ts'
import type { Conversation, Question } from '../subject/conversation.ts'

/** What a subject answered to a history, as far as it came. */
export interface PlayedHistory {
  /** The changes that were sent. */
  history: SentChange[]
  /** What it was asked last, such as `put 3`. */
  during: string
  /** Why it came no further; null where it came to the end. */
  broke: Broke | null
  /** The message of what it refused; null where it refused nothing. */
  refused: string | null
}

interface Step {
  during: string
  question: Question
  change: Change | null
}

/** What a history asks of its subject, in order. */
function* stepsOf({ sessions, reads = false }: PlannedHistory, directory: string): Generator<Step> {
  let number = 0
  for (const changes of sessions) {
    yield { during: 'open', question: { do: 'open', directory }, change: null }
    for (const change of changes) {
      yield { during: `${change.do} ${++number}`, question: change, change }
    }
    if (reads) yield { during: 'read', question: { do: 'read' }, change: null }
    yield { during: 'close', question: { do: 'close' }, change: null }
  }
}

/**
 * Asks a subject for all of a history in `directory`, one thing after another, until it ends, refuses or dies.
 * `onAnswer` is told of what was answered, with success. Throws as `Conversation.ask` does.
 */
export async function playHistory(
  conversation: Conversation,
  planned: PlannedHistory,
  directory: string,
  onAnswer: (during: string) => void = () => {},
): Promise<PlayedHistory> {
  const played: PlayedHistory = { history: [], during: 'open', broke: null, refused: null }
  for (const { during, question, change } of stepsOf(planned, directory)) {
    played.during = during
    const { replies, broke } = await conversation.ask([question])
    const [reply] = replies
    if (change !== null) {
      played.history.push({ change, outcome: reply?.ok === true ? 'acked' : 'unknown' })
    }
    if (reply?.ok === false) return { ...played, refused: reply.message }
    if (broke !== null) return { ...played, broke }
    onAnswer(during)
  }
  return played
}
