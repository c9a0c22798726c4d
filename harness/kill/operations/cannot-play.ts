import { mkdirSync, rmSync } from 'node:fs'
import { playHistory } from '../../observed/play-history.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import { Conversation } from '../../subject/conversation.ts'
import { DEFAULT_ANSWER_MS, type DescribedSubject } from '../../subject/description.ts'
import { setUp } from '../../subject/set-up.ts'
import { speakerOf } from '../../subject/speak.ts'

/** A subject plays a history in a plain folder, and not where its operations are seen: it can be killed at moments alone. */
export class CannotPlayWhereSeen extends CannotJudge {}

/**
 * Whether a subject plays a history in a plain folder, which is made and removed. Throws as starting a process does, and
 * what the signal was aborted with.
 */
export async function playsInFolder(
  subject: DescribedSubject,
  planned: PlannedHistory,
  directory: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const { kind, timeoutMs = DEFAULT_ANSWER_MS } = subject.description
  mkdirSync(directory)
  try {
    await setUp(subject, directory)
    const conversation = await Conversation.start(speakerOf(subject), { kind, timeoutMs, signal })
    try {
      const { refused, broke } = await playHistory(conversation, planned, directory)
      return refused === null && broke === null
    } finally {
      await conversation.kill()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
