import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { Failure } from '../../oracle/failure.ts'
import { judgeRecovery } from '../../oracle/judge-recovery.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import type { SentChange } from '../../subject/change.ts'
import { promiseFor } from '../../subject/promise.ts'
import { type Recovered, recover } from '../../subject/recover.ts'
import type { ErrorCaseResult } from '../case-result.ts'
import { ackedOf, MET_NOTHING, UNTRIED } from '../case-result.ts'
import { type DeviceScene, judgeLeft, playOnDevice } from './device-case.ts'

/** A device with a whole history, of which every change was acknowledged, at rest. */
export interface WholeScene extends DeviceScene {
  history: readonly SentChange[]
}

/** Has a subject make a whole history without any error. Throws `CannotJudge` where it can't, and as `playOnDevice`. */
export async function makeWhole(scene: DeviceScene, planned: PlannedHistory): Promise<WholeScene> {
  const { played, image } = await playOnDevice(scene, planned, null)
  const problem = played.hung ?? played.before
  if (problem !== null) throw new CannotJudge(`without any error, ${problem}`)
  return { ...scene, history: played.history, image: new Uint8Array(image) }
}

/** Opens and reads from a cold device, while the n-th of its reads fails or none does, and unmounts it. */
async function recoverOn(
  { options: { subject }, device, image }: WholeScene,
  number: number | null,
): Promise<{ recovered: Recovered; reads: number; struck: number; image: Uint8Array }> {
  const { errors } = device
  const [{ recovered, reads }, left] = await device.whileMounted(image, async () => {
    const talk = await device.reader.talk()
    // What the mount has read by now are the machine's own.
    const before = errors.counts.read
    if (number !== null) errors.order({ ask: 'read', number, lasts: false })
    const seen = await recover(talk, subject, device.directoryInside)
    errors.lift()
    return { recovered: seen, reads: errors.counts.read - before }
  })
  return { recovered, reads, struck: number === null ? 0 : errors.struck, image: left }
}

/** How often a device is read when the subject opens and reads. Throws `CannotJudge` where that is refused. */
export async function countReads(scene: WholeScene): Promise<number> {
  const { recovered, reads } = await recoverOn(scene, null)
  if ('refused' in recovered) {
    throw new CannotJudge(`without any error, the opening was refused: ${recovered.refused}`)
  }
  return reads
}

/** What is wrong with what came back while a block could not be read; to refuse is right. */
function judgeUnderError({ options, history }: WholeScene, recovered: Recovered): Failure[] {
  if ('refused' in recovered) return []
  const { kind, promises } = options.subject.description
  const seen = { first: recovered, destroyedByRefusal: [] }
  const { failures } = judgeRecovery(kind, promiseFor(promises, 'io-error'), history, seen)
  return failures.map(({ name, detail }) => ({
    name,
    detail: `while a block could not be read, ${detail}`,
  }))
}

/**
 * Has a subject recover a whole history while its n-th read of the device (from 1) fails: it gives all of it or refuses,
 * and once the block can be read again gives all of it. Throws as `playDeviceCase`.
 */
export async function playReadCase(
  scene: WholeScene,
  number: number,
  isNew: boolean,
): Promise<ErrorCaseResult> {
  const { device, history, options } = scene
  if (isNew) await device.stop()
  const { recovered, struck, image } = await recoverOn(scene, number)
  if (isNew) await device.stop()
  const place = { during: 'open', change: null, sent: history.length }
  const refused = 'refused' in recovered ? recovered.refused : null
  const result: ErrorCaseResult = {
    ...UNTRIED,
    delivered: struck > 0,
    struck: struck > 0 ? { ...place, refused } : null,
    history,
    sent: history.length,
    acked: ackedOf(history),
  }
  if (struck === 0) return { ...result, reason: MET_NOTHING }
  const promise = promiseFor(options.subject.description.promises, 'io-error')
  const played = { history: [...history], openings: [], struck: result.struck }
  const judged = await judgeLeft(scene, promise, { played, image }, isNew)
  const failures = [...judgeUnderError(scene, recovered), ...judged.failures]
  if (judged.verdict === 'inconclusive' || failures.length === 0) return { ...result, ...judged }
  return { ...result, ...judged, verdict: 'fail', failures }
}
