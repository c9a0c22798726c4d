import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { judgeRecovery } from '../oracle/judge-recovery.ts'
import { changesOf } from '../plan/changes.ts'
import type { SentChange } from '../subject/change.ts'
import { ANOTHER_HISTORY, type AnyControl, RESTORED_BACKUP } from '../subject/controls.ts'
import type { Question } from '../subject/conversation.ts'
import { promiseFor } from '../subject/promise.ts'
import { recover } from '../subject/recover.ts'
import { seeRecovery } from '../subject/see-recovery.ts'
import { setUp } from '../subject/set-up.ts'
import { controlResult, type TierControl } from '../tier.ts'
import { type MomentOptions, talkerFor } from './moment-iteration.ts'

const CHANGES = 8
/** Two histories; the first is of no iteration, which are counted from 1. */
const HISTORY = 0
const OTHER_HISTORY = 1

interface Place {
  directory: string
  /** Makes changes there, by a process of its own. Throws `CannotJudge` where the subject refuses. */
  make(changes: readonly Question[]): Promise<void>
}

/** Has `leave` leave something in a directory, and holds it against a history whose every change was acknowledged. */
async function catchWhatIsLeft(
  control: AnyControl,
  options: MomentOptions,
  by: string,
  leave: (place: Place) => Promise<void>,
): Promise<TierControl> {
  const { subject, directory, seed } = options
  const { kind, promises } = subject.description
  const promise = promiseFor(promises, 'kill')
  if (control.unseenBecause(promise) !== null) return controlResult(control, promise, 0, null)
  const talker = talkerFor(options)
  const make = async (part: readonly Question[]): Promise<void> => {
    const made = await recover(await talker.talk(), subject, directory, part)
    if ('refused' in made) throw new CannotJudge(`without a fault, ${made.refused}`)
  }
  try {
    mkdirSync(directory)
    await setUp(subject, directory)
    await leave({ directory, make })
    const history = changesOf({ kind, seed, round: HISTORY, changes: CHANGES }).map(
      (change): SentChange => ({ change, outcome: 'acked' }),
    )
    const talk = () => talker.talk()
    const seen = await seeRecovery({ subject, directory, talk, inFull: false })
    const [failure] = judgeRecovery(kind, promise, history, seen).failures
    const shown = failure === undefined ? null : { failure: failure.name, by }
    return controlResult(control, promise, 1, shown)
  } finally {
    await talker.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The subject's own directory of an earlier moment, held against its whole history. */
async function catchRestoredBackup(options: MomentOptions): Promise<TierControl> {
  const { kind } = options.subject.description
  const changes = changesOf({ kind, seed: options.seed, round: HISTORY, changes: CHANGES })
  const backup = `${options.directory}.backup`
  const by = `the directory after ${CHANGES / 2} of ${CHANGES} changes`
  try {
    return await catchWhatIsLeft(RESTORED_BACKUP, options, by, async ({ directory, make }) => {
      await make(changes.slice(0, CHANGES / 2))
      cpSync(directory, backup, { recursive: true })
      await make(changes.slice(CHANGES / 2))
      rmSync(directory, { recursive: true })
      cpSync(backup, directory, { recursive: true })
    })
  } finally {
    rmSync(backup, { recursive: true, force: true })
  }
}

/** What another history leaves, held against this one. */
async function catchAnotherHistory(options: MomentOptions): Promise<TierControl> {
  const { kind } = options.subject.description
  const changes = changesOf({ kind, seed: options.seed, round: OTHER_HISTORY, changes: CHANGES })
  const by = `what ${CHANGES} other changes left`
  return await catchWhatIsLeft(ANOTHER_HISTORY, options, by, ({ make }) => make(changes))
}

/**
 * The controls that any subject gives under kills: recovery, its reading and the oracle must see what is gone, and
 * what is strange. Throws `CannotJudge` where the subject refuses without a fault, and as starting a process does.
 */
export async function catchAnyControls(options: MomentOptions): Promise<TierControl[]> {
  return [await catchRestoredBackup(options), await catchAnotherHistory(options)]
}
