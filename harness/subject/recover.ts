import { setTimeout as sleep } from 'node:timers/promises'
import type { Contents } from './change.ts'
import type { Conversation, Question } from './conversation.ts'
import type { DescribedSubject } from './description.ts'
import type { Reply } from './protocol.ts'

/** What one opening of a subject gave: its contents, or why it refused, in a sentence. */
export type Recovered =
  | { contents: Contents }
  | {
      refused: string
      code?: string /** The process died over it, or gave no answer. */
      gone?: true
    }

const RETRY_MS = 100

/** What one opening, and what was asked behind it, came to: how it was refused, and at which question; or null. */
interface Asked {
  replies: readonly Reply[]
  refusal: { at: number; recovered: Recovered } | null
}

/**
 * Opens the subject and asks more. Opening is asked for again while it is refused, up to the subject's patience: a lock
 * of a killed process that times out is no loss. A process that dies or hangs has refused, and so has one that breaks
 * the contract.
 */
async function askOpen(
  conversation: Conversation,
  { description }: DescribedSubject,
  directory: string,
  more: readonly Question[],
): Promise<Asked> {
  const questions: readonly Question[] = [{ do: 'open', directory }, ...more]
  const patientUntilMs = performance.now() + (description.patienceMs ?? 0)
  for (;;) {
    const { replies, broke } = await conversation.ask(questions)
    const at = replies.findIndex((reply) => !reply.ok)
    const refused = replies[at]
    if (refused === undefined || refused.ok) {
      if (broke === null) return { replies, refusal: null }
      const recovered = { refused: broke.detail, gone: true } as const
      return { replies, refusal: { at: replies.length, recovered } }
    }
    const code = refused.code === undefined ? {} : { code: refused.code }
    const recovered = { refused: `${questions[at]?.do}: ${refused.message}`, ...code }
    const patient = at === 0 && performance.now() < patientUntilMs && conversation.isOpen
    if (!patient) return { replies, refusal: { at, recovered } }
    await sleep(RETRY_MS)
  }
}

const contentsOf = (reply: Reply | undefined): { contents: Contents } => {
  return { contents: (reply as { contents: Contents }).contents }
}

/**
 * Opens the subject in `directory`, makes `changes`, reads and closes. Throws what the conversation's signal was aborted
 * with.
 */
export async function recover(
  conversation: Conversation,
  subject: DescribedSubject,
  directory: string,
  changes: readonly Question[] = [],
): Promise<Recovered> {
  const more: Question[] = [...changes, { do: 'read' }, { do: 'close' }]
  const { replies, refusal } = await askOpen(conversation, subject, directory, more)
  return refusal?.recovered ?? contentsOf(replies.at(-2))
}

/**
 * Opens the subject in `directory`, reads, makes a change and closes: what it gave before the change, and how that was
 * refused, or null. Throws the same.
 */
export async function recoverAndChange(
  conversation: Conversation,
  subject: DescribedSubject,
  directory: string,
  change: Question,
): Promise<{ read: Recovered; refused: Recovered | null }> {
  const more: Question[] = [{ do: 'read' }, change, { do: 'close' }]
  const { replies, refusal } = await askOpen(conversation, subject, directory, more)
  const READ = 1
  if (refusal !== null && refusal.at <= READ) {
    return { read: refusal.recovered, refused: refusal.recovered }
  }
  return { read: contentsOf(replies[READ]), refused: refusal?.recovered ?? null }
}
