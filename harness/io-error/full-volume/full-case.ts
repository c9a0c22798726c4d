import { type Looked, lookAgain } from '../../observed/look-again.ts'
import { Snapshot } from '../../observed/snapshot.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import type { SentChange } from '../../subject/change.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { promiseFor } from '../../subject/promise.ts'
import type { Talker } from '../../subject/see-recovery.ts'
import type { ErrorCaseResult } from '../case-result.ts'
import { MET_NOTHING } from '../case-result.ts'
import type { Sequel } from '../cases.ts'
import { lookIn } from '../look-in.ts'
import { type PlayedOn, playOn, type Stage } from '../play-on.ts'
import { type LeftBehind, playedCase } from '../real-case.ts'
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

/** How much is left of what a volume runs out of, and what the history does behind the change that had too little. */
export interface Scarcity {
  left: number
  sequel: Sequel
}

/** A history, and from which of its openings on (from 0) the volume is full. */
export interface FullHistory extends PlannedHistory {
  fullFrom: number
}

/** How many answers come before an opening (from 0) where none is a refusal: each opening, its changes, its closing. */
const answersBefore = ({ sessions }: PlannedHistory, opening: number): number =>
  sessions.slice(0, opening).reduce((sum, changes) => sum + changes.length + 2, 0)

/** What was seen at a time of the directory, and what it was then. */
interface Sight {
  looked: Looked
  played: LeftBehind
  inFull: boolean
  /** Null where nobody looks again. */
  snapshot: Snapshot | null
}

async function look(
  { subject, volume }: FullScene,
  talker: Talker,
  { played, inFull }: Pick<Sight, 'played' | 'inFull'>,
): Promise<Looked> {
  const promise = promiseFor(subject.description.promises, 'full-disk')
  return await lookIn({ subject, promise, played, directory: volume.backing, talker, inFull })
}

async function see(
  scene: FullScene,
  played: Sight['played'],
  how: { inFull: boolean; looksTwice: boolean },
): Promise<Sight> {
  const { inFull, looksTwice } = how
  const snapshot = looksTwice ? Snapshot.take(scene.volume.backing) : null
  const looked = await look(scene, scene.volume.talker, { played, inFull })
  return { looked, played, inFull, snapshot }
}

/** Has the place of an error in a history whose last change met it. */
const metByLast = (history: readonly SentChange[]): Sight['played'] => {
  const change = history.length - 1
  return {
    history: [...history],
    openings: [],
    struck: { during: '', change, sent: change, refused: null },
  }
}

/**
 * Plays a history on a volume that then has only so much left, null for all that it has, and gives all back behind the change
 * that came behind the one which did not have enough. `footprints` gets what the directory held behind each answer.
 */
async function playUntilFull(
  { subject, volume, footprints }: FullScene,
  planned: FullHistory,
  scarcity: Scarcity | null,
  { onClosed, seen }: { onClosed: NonNullable<Stage['onClosed']>; seen: string[] },
): Promise<PlayedOn> {
  const { filler } = volume
  await volume.prepare(planned)
  const fullAfter = answersBefore(planned, planned.fullFrom)
  let answers = 0
  const fillWhenDue = (): void => {
    if (scarcity !== null && answers === fullAfter) filler.leave(scarcity.left)
  }
  /**
   * A refusal says so, for with enough space there was none; else what is there, or is not, says it: a subject that says
   * nothing of what it could not write is what this is for.
   */
  const hadTooLittle = (wasRefused: boolean): boolean => {
    const isFull = answers >= fullAfter
    answers += 1
    if (scarcity === null) return seen.push(volume.footprint) < 0
    if (isFull && wasRefused) return true
    const expected = footprints?.[answers - 1]
    if (isFull && (footprints === null ? filler.free === 0 : volume.footprint !== expected)) {
      return true
    }
    fillWhenDue()
    return false
  }
  fillWhenDue()
  const played = await playOn(
    {
      directory: volume.backing,
      patienceMs: subject.description.patienceMs ?? 0,
      lasts: true,
      talk: () => volume.writer.talk(),
      hasStruck: hadTooLittle,
      lift: () => filler.giveBack(),
      onClosed,
      endsWhenClosed: false,
    },
    planned,
    scarcity?.sequel ?? 'goes-on',
  )
  filler.giveBack()
  if (played.mayBeOpen || played.hung !== null) await volume.writer.stop()
  return played
}

/**
 * Has the subject play a history on a volume of which so much is left, or all of it, and looks at what is there once
 * all is given back: at the end, and where it is reopened behind the change that had too little. Throws `CannotJudge`, a
 * `MachineError`, a system error of its own, and what the signal was aborted with.
 */
export async function playFullCase(
  scene: FullScene,
  planned: FullHistory,
  scarcity: Scarcity | null,
  isNew: boolean,
  seen: string[] = [],
): Promise<ErrorCaseResult> {
  const { volume } = scene
  if (isNew) await volume.stop()
  const sights: Sight[] = []
  const onClosed = async (history: readonly SentChange[]): Promise<void> => {
    sights.push(await see(scene, metByLast(history), { inFull: false, looksTwice: isNew }))
  }
  const played = await playUntilFull(scene, planned, scarcity, { onClosed, seen })
  if (isNew) await volume.stop()
  const result = { ...playedCase(played), delivered: played.struck !== null }
  const reason = played.hung ?? played.before
  if (reason !== null) return { ...result, reason }
  const isWrong = ({ looked }: Sight): boolean => looked.failures.length > 0
  if (!sights.some(isWrong)) {
    sights.push(await see(scene, played, { inFull: true, looksTwice: isNew }))
  }
  const wrong = sights.find(isWrong)
  const { changes: recovered } = (wrong ?? (sights.at(-1) as Sight)).looked
  if (wrong === undefined) {
    return scarcity === null || result.delivered
      ? { ...result, recovered, verdict: 'pass' }
      : { ...result, recovered, reason: MET_NOTHING }
  }
  // With enough space it passes: what is wrong now is wrong for want of it.
  const { looked, snapshot } = wrong
  const { failures } = looked
  const met = { ...result, recovered, failures, delivered: true, verdict: 'fail' } as const
  if (snapshot === null) return met
  // There is nothing to be looked at again.
  if (volume.isGone) return { ...met, confirmation: { agreed: true, durationMs: 0 } }
  const again = await lookAgain(volume, snapshot, looked, (talker) => look(scene, talker, wrong))
  return { ...met, ...again }
}
