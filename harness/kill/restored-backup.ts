import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { judgeRecovery } from '../oracle/judge-recovery.ts'
import { changesOf } from '../plan/changes.ts'
import type { SentChange } from '../subject/change.ts'
import type { Question } from '../subject/conversation.ts'
import { promiseFor } from '../subject/promise.ts'
import { recover } from '../subject/recover.ts'
import { seeRecovery } from '../subject/see-recovery.ts'
import { setUp } from '../subject/set-up.ts'
import type { TierControl } from '../tier.ts'
import { type MomentOptions, talkerFor } from './moment-iteration.ts'

const CHANGES = 8

const CONTROL = {
  name: 'restored-backup',
  defect:
    'the directory is put back as it was half a history ago, so that acknowledged changes are gone',
}

/**
 * A control that any durable subject gives: its own directory of an earlier moment, held against its whole
 * history. Recovery, its reading and the oracle must see what is gone. Throws `CannotJudge` where the subject
 * refuses without a fault, and as starting a process does.
 */
export async function catchRestoredBackup(options: MomentOptions): Promise<TierControl> {
  const { subject, directory, seed } = options
  const { kind, promises } = subject.description
  const promise = promiseFor(promises, 'kill')
  if (promise !== 'durable') {
    const unseenBecause = `an earlier state is one that \`${promise}\` allows`
    return { ...CONTROL, caught: false, failure: null, unseenBecause }
  }
  const changes = changesOf({ kind, seed, round: 0, changes: CHANGES })
  const backup = `${directory}.backup`
  const talker = talkerFor(options)
  const make = async (part: readonly Question[]): Promise<void> => {
    const made = await recover(await talker.talk(), subject, directory, part)
    await talker.stop()
    if ('refused' in made) throw new CannotJudge(`without a fault, ${made.refused}`)
  }
  try {
    mkdirSync(directory)
    await setUp(subject, directory)
    await make(changes.slice(0, CHANGES / 2))
    cpSync(directory, backup, { recursive: true })
    await make(changes.slice(CHANGES / 2))
    rmSync(directory, { recursive: true })
    cpSync(backup, directory, { recursive: true })
    const history = changes.map((change): SentChange => ({ change, outcome: 'acked' }))
    const talk = () => talker.talk()
    const seen = await seeRecovery({ subject, directory, talk, inFull: false })
    const [failure] = judgeRecovery(kind, promise, history, seen).failures
    const caught = failure !== undefined
    return { ...CONTROL, caught, failure: failure?.name ?? null, unseenBecause: null }
  } finally {
    await talker.stop()
    for (const path of [directory, backup]) rmSync(path, { recursive: true, force: true })
  }
}
