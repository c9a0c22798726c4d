import { type Looked, lookAgain } from '../../observed/look-again.ts'
import { Snapshot } from '../../observed/snapshot.ts'
import type { KilledHistory } from '../../plan/killed-history.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { promiseFor } from '../../subject/promise.ts'
import type { Talker } from '../../subject/see-recovery.ts'
import type { ErrorCaseResult } from '../error-case.ts'
import { lookIn } from '../look-in.ts'
import { type PlayedOn, playOn } from '../play-on.ts'
import { MET_NOTHING, playedCase } from '../real-case.ts'
import type { FullVolume } from './full-volume.ts'

/**
 * What the directory held behind each answer of a history that had all the space that it wanted; null where that is not
 * the same each time.
 */
export type Footprints = readonly string[] | null

export interface FullScene {
  subject: DescribedSubject
  volume: FullVolume
  footprints: Footprints
}

/**
 * Plays a history on a volume that has only so much left, null for all that it has, and gives all back behind the change
 * that came behind the one which did not have enough. `footprints` gets what the directory held behind each answer.
 */
async function playUntilFull(
  { subject, volume, footprints }: FullScene,
  planned: KilledHistory,
  left: number | null,
  seen: string[] = [],
): Promise<PlayedOn> {
  const { filler } = volume
  await volume.prepare(planned)
  if (left !== null) filler.leave(left)
  /**
   * A refusal says so, for with enough space there was none; else what is there, or is not, says it: a subject that says
   * nothing of what it could not write is what this is for.
   */
  const hadTooLittle = (wasRefused: boolean): boolean => {
    if (left === null) return seen.push(volume.footprint) < 0
    const expected = footprints?.[seen.push('') - 1]
    if (wasRefused) return true
    return footprints === null ? filler.free === 0 : volume.footprint !== expected
  }
  const played = await playOn(
    {
      directory: volume.backing,
      patienceMs: subject.description.patienceMs ?? 0,
      lasts: true,
      talk: () => volume.writer.talk(),
      hasStruck: hadTooLittle,
      lift: () => filler.giveBack(),
      endsWhenClosed: false,
    },
    planned,
    'goes-on',
  )
  filler.giveBack()
  if (played.mayBeOpen || played.hung !== null) await volume.writer.stop()
  return played
}

async function look(
  { subject, volume }: FullScene,
  played: PlayedOn,
  talker: Talker,
): Promise<Looked> {
  const promise = promiseFor(subject.description.promises, 'full-disk')
  return await lookIn({ subject, promise, played, directory: volume.backing, talker })
}

/**
 * Has the subject play a history on a volume of which so much is left, or all of it, and looks at what is there once
 * all is given back. Throws `CannotJudge`, a `MachineError`, a system error of its own, and what the signal was
 * aborted with.
 */
export async function playFullCase(
  scene: FullScene,
  planned: KilledHistory,
  left: number | null,
  isNew: boolean,
  seen?: string[],
): Promise<ErrorCaseResult> {
  const { volume } = scene
  if (isNew) await volume.stop()
  const played = await playUntilFull(scene, planned, left, seen)
  if (isNew) await volume.stop()
  const result = { ...playedCase(played), delivered: played.struck !== null }
  const reason = played.hung ?? played.before
  if (reason !== null) return { ...result, reason }
  const snapshot = isNew ? Snapshot.take(volume.backing) : null
  const first = await look(scene, played, volume.talker)
  const { changes: recovered, failures } = first
  const judged = { ...result, recovered, failures }
  if (failures.length === 0) {
    return left === null || result.delivered
      ? { ...judged, verdict: 'pass' }
      : { ...judged, reason: MET_NOTHING }
  }
  // With enough space it passes: what is wrong now is wrong for want of it.
  const met = { ...judged, delivered: true, verdict: 'fail' } as const
  if (snapshot === null) return met
  // There is nothing to be looked at again.
  if (volume.isGone) return { ...met, confirmation: { agreed: true, durationMs: 0 } }
  const again = await lookAgain(volume, snapshot, first, (talker) => look(scene, played, talker))
  return { ...met, ...again }
}
