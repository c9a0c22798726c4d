import { setTimeout as sleep } from 'node:timers/promises'
import type { Contents } from './change.ts'
import type { Conversation, Question } from './conversation.ts'
import type { DescribedSubject } from './description.ts'

/** What one opening of a subject gave: its contents, or why it refused, in a sentence. */
export type Recovered =
  | { contents: Contents }
  | {
      refused: string
      code?: string /** The process died over it, or gave no answer. */
      gone?: true
    }

const RETRY_MS = 100

/**
 * Opens the subject in `directory`, makes `changes`, reads and closes. Opening is asked for again while it is
 * refused, up to the subject's patience: a lock of a killed process that times out is no loss. A process that
 * dies or hangs has refused, and so has one that breaks the contract. Throws what the conversation's signal was
 * aborted with.
 */
export async function recover(
  conversation: Conversation,
  { description }: DescribedSubject,
  directory: string,
  changes: readonly Question[] = [],
): Promise<Recovered> {
  const open: Question = { do: 'open', directory }
  const patientUntilMs = performance.now() + (description.patienceMs ?? 0)
  for (;;) {
    const questions: Question[] = [open, ...changes, { do: 'read' }, { do: 'close' }]
    const { replies, broke } = await conversation.ask(questions)
    const at = replies.findIndex((reply) => !reply.ok)
    const refusal = replies[at]
    if (refusal === undefined || refusal.ok) {
      if (broke !== null) return { refused: broke.detail, gone: true }
      const read = replies.at(-2)
      return { contents: (read as { contents: Contents }).contents }
    }
    const code = refusal.code === undefined ? {} : { code: refusal.code }
    const patient = at === 0 && performance.now() < patientUntilMs && conversation.isOpen
    if (!patient) return { refused: `${questions[at]?.do}: ${refusal.message}`, ...code }
    await sleep(RETRY_MS)
  }
}
