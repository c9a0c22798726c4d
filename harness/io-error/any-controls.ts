import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { OperationLane } from '../observed/lane.ts'
import { playHistory } from '../observed/play-history.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { judgeRecovery } from '../oracle/judge-recovery.ts'
import { planErrorHistory } from '../plan/error-history.ts'
import { makeDirectories } from '../process/make-directories.ts'
import type { SentChange } from '../subject/change.ts'
import { ANOTHER_HISTORY, PRETENDED_WRITE } from '../subject/controls.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { promiseFor } from '../subject/promise.ts'
import { controlResult, type TierControl } from '../tier.ts'
import { catchByErrors } from './catch.ts'
import type { IoErrorRow } from './errors/row.ts'

/** No error of a disk: the lie that a harness must notice. */
const PRETENDED: IoErrorRow = {
  inWords: 'is answered success and not made',
  promised: 'io-error',
  lasts: false,
  losesUnsynced: false,
  canStrike: ({ kind, lengthBytes }) => kind === 'write' && lengthBytes > 0,
  orderAt: ({ number: called, kind }) => ({ fault: 'pretended-write', at: { called, kind } }),
}

export interface AnyControlsOptions {
  subject: DescribedSubject
  seed: number
  /** A folder for them alone, on the file system under test. */
  root: string
  signal?: AbortSignal | undefined
}

async function catchPretendedWrite(options: AnyControlsOptions): Promise<TierControl> {
  const { subject, root } = options
  const promise = promiseFor(subject.description.promises, 'io-error')
  if (PRETENDED_WRITE.unseenBecause(promise) !== null) {
    return controlResult(PRETENDED_WRITE, promise, 0, null)
  }
  const folder = join(root, PRETENDED_WRITE.name)
  const { shown, tries } = await catchByErrors({ ...options, root: folder, rows: [PRETENDED] })
  return controlResult(PRETENDED_WRITE, promise, tries, shown)
}

/** What one history leaves, held against another whose every change was acknowledged. */
async function catchAnotherHistory(options: AnyControlsOptions): Promise<TierControl> {
  const { subject, seed, root, signal } = options
  const { kind, promises } = subject.description
  const promise = promiseFor(promises, 'io-error')
  if (ANOTHER_HISTORY.unseenBecause(promise) !== null) {
    return controlResult(ANOTHER_HISTORY, promise, 0, null)
  }
  const folder = join(root, ANOTHER_HISTORY.name)
  makeDirectories(folder)
  const lane = await OperationLane.create({ subject, folder, signal })
  const writer = lane.newWriter()
  try {
    const [played, other] = [planErrorHistory(kind, seed, 1), planErrorHistory(kind, seed, 2)]
    const before = await lane.prepare(played)
    const { refused, broke } = await playHistory(await writer.talk(), played, lane.directory)
    await writer.stop()
    const problem = before ?? refused ?? broke?.detail ?? null
    if (problem !== null) throw new CannotJudge(`without any error, ${problem}`)
    const history = other.sessions
      .flat()
      .map((change): SentChange => ({ change, outcome: 'acked' }))
    const seen = await lane.see(lane.talker, { inFull: false })
    const [failure] = judgeRecovery(kind, promise, history, seen).failures
    const by = `what ${played.sessions.flat().length} other changes left`
    return controlResult(
      ANOTHER_HISTORY,
      promise,
      1,
      failure ? { failure: failure.name, by } : null,
    )
  } finally {
    await writer.stop()
    await lane.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The controls that any subject gives where its disk says no: what was never written, and what is strange, must be
 * seen. Throws as `catchByErrors`.
 */
export async function catchAnyControls(options: AnyControlsOptions): Promise<TierControl[]> {
  return [await catchPretendedWrite(options), await catchAnotherHistory(options)]
}
