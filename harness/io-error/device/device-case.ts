import { join } from 'node:path'
import type { Looked } from '../../observed/look-again.ts'
import { toldBy } from '../../observed/look-again.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { SubjectPromise } from '../../oracle/promises/index.ts'
import { judgeLooks } from '../../oracle/second-look.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import type { DeviceCounts, DeviceErrorOrder } from '../../power-cut/device/device-errors.ts'
import { loopMounted } from '../../power-cut/device/loop-mount.ts'
import { namedInside } from '../../process/namespace.ts'
import type { ErrorCaseResult } from '../case-result.ts'
import { MET_NOTHING } from '../case-result.ts'
import { lookIn } from '../look-in.ts'
import { type PlayedOn, playOn } from '../play-on.ts'
import { promiseUnder } from '../promise-under.ts'
import { type LeftBehind, playedCase } from '../real-case.ts'
import {
  type ErrorDevice,
  type ErrorDeviceOptions,
  FOLDER,
  mountOptionsOf,
} from './error-device.ts'

/** Where device errors are met: the device, and what is on it when a history begins. */
export interface DeviceScene {
  options: ErrorDeviceOptions
  device: ErrorDevice
  image: Uint8Array
}

/** What a history left that met an error of its device. */
interface Left {
  played: PlayedOn
  /** How often the device answered EIO. */
  struck: number
  /** What it was asked meanwhile, and when it was unmounted. */
  counts: DeviceCounts
  /** What it holds: its own memory. */
  image: Uint8Array
}

const difference = (before: DeviceCounts, after: DeviceCounts): DeviceCounts => ({
  read: after.read - before.read,
  write: after.write - before.write,
  flush: after.flush - before.flush,
})

/** Plays a history on the device, which meets the error or none, and unmounts it before the error is lifted. */
export async function playOnDevice(
  { options, device, image }: DeviceScene,
  planned: PlannedHistory,
  order: DeviceErrorOrder | null,
): Promise<Left> {
  const { errors } = device
  let before = errors.counts
  const [played, left] = await device.whileMounted(image, async () => {
    before = errors.counts
    if (order !== null) errors.order(order)
    const result = await playOn(
      {
        directory: device.directoryInside,
        patienceMs: options.subject.description.patienceMs ?? 0,
        // One that lasts does so until the device is unmounted: what is behind it can't cover up what it did.
        lasts: false,
        talk: () => device.writer.talk(),
        hasStruck: () => order !== null && errors.struck > 0,
        lift: () => {},
        isBroken: () => device.isBroken,
        endsWhenClosed: false,
      },
      planned,
      'goes-on',
    )
    if (result.hung !== null) errors.lift()
    if (result.mayBeOpen) await device.writer.stop()
    return result
  })
  const struck = order === null ? 0 : errors.struck
  return { played, struck, counts: difference(before, errors.counts), image: left }
}

/** What a device error may cost: what was not synced goes with the file system, as at a power cut. */
export function promiseOnDevice({ subject }: ErrorDeviceOptions): SubjectPromise {
  return promiseUnder(subject.description, { promised: 'io-error', losesUnsynced: true })
}

/** What is to be looked at again. */
export interface LeftToLookAt {
  played: LeftBehind
  image: Uint8Array
}

/** Looks at what was left, on the device itself, without any error. Throws as `mountRepaired` and `lookIn`. */
export async function lookOnDevice(
  { options: { subject }, device }: DeviceScene,
  promise: SubjectPromise,
  { played, image }: LeftToLookAt,
): Promise<Looked> {
  return await device.whileRepaired(image, () =>
    lookIn({
      subject,
      promise,
      played,
      directory: device.directory,
      directoryInside: device.directoryInside,
      talker: device.reader,
    }),
  )
}

/** The same by another process, on a plain file that is mounted through a loop device. */
async function lookOnLoopMount(
  { options, device }: DeviceScene,
  promise: SubjectPromise,
  { played, image }: LeftToLookAt,
): Promise<Looked> {
  const { subject, stateDirectory, signal } = options
  const { template } = device
  const mount = { fileSystem: template.fileSystem, mountOptions: mountOptionsOf(template) }
  const place = {
    ...(stateDirectory === undefined ? {} : { stateDirectory }),
    ...(signal === undefined ? {} : { signal }),
  }
  return await loopMounted(image, mount, place, async (root, namespace) => {
    const talker = device.newTalker(namespace)
    try {
      const directory = join(root, FOLDER)
      const directoryInside = namedInside(namespace, directory)
      return await lookIn({ subject, promise, played, directory, directoryInside, talker })
    } finally {
      await talker.stop()
    }
  })
}

/** What the looks at what was left come to: one, or where that is wrong two. Throws as each of them does. */
export async function judgeLeft(
  scene: DeviceScene,
  promise: SubjectPromise,
  left: LeftToLookAt,
  looksTwice: boolean,
): Promise<
  Pick<ErrorCaseResult, 'recovered' | 'verdict' | 'failures' | 'reason' | 'confirmation'>
> {
  // A look changes what is on the device.
  const copy = looksTwice ? new Uint8Array(left.image) : null
  const first = await lookOnDevice(scene, promise, left)
  const { changes: recovered, failures } = first
  const judged = { recovered, failures, reason: null, confirmation: null }
  if (failures.length === 0) return { ...judged, verdict: 'pass' }
  if (copy === null) return { ...judged, verdict: 'fail' }
  const startedMs = performance.now()
  const second = await lookOnLoopMount(scene, promise, { ...left, image: copy })
  const durationMs = Math.round(performance.now() - startedMs)
  const looks = judgeLooks(toldBy('the first look', first), [
    toldBy('another process on a fresh loop device', second),
  ])
  const confirmation = { agreed: 'failures' in looks, durationMs }
  return 'failures' in looks
    ? { ...judged, verdict: 'fail', failures: looks.failures, confirmation }
    : { ...judged, verdict: 'inconclusive', failures: [], reason: looks.disagreement, confirmation }
}

/**
 * Has the subject play a history whose device gives an error, ends its processes, lets the file system recover, and
 * looks at what is there. Throws `CannotJudge`, a `MachineError`, a system error of its own look, and what the signal
 * was aborted with.
 */
export async function playDeviceCase(
  scene: DeviceScene,
  planned: PlannedHistory,
  order: DeviceErrorOrder,
  isNew: boolean,
): Promise<ErrorCaseResult> {
  if (isNew) await scene.device.stop()
  const { played, struck, image } = await playOnDevice(scene, planned, order)
  if (isNew) await scene.device.stop()
  const result = { ...playedCase(played), delivered: struck > 0 }
  const { before, hung } = played
  const reason = hung ?? (before === null ? null : `before the error, ${before}`)
  if (reason !== null) return { ...result, reason }
  if (struck === 0) return { ...result, reason: MET_NOTHING }
  const promise = promiseOnDevice(scene.options)
  return { ...result, ...(await judgeLeft(scene, promise, { played, image }, isNew)) }
}

/**
 * What a device is asked while a history is played without any error, which must pass: of two plays the fewer. Throws
 * `CannotJudge` where it does not, and as `playDeviceCase`.
 */
export async function countOnDevice(
  scene: DeviceScene,
  planned: PlannedHistory,
): Promise<DeviceCounts> {
  const counted: DeviceCounts[] = []
  for (const _ of ['one', 'another']) {
    const { played, counts, image } = await playOnDevice(scene, planned, null)
    const problem = played.hung ?? played.before
    if (problem !== null) throw new CannotJudge(`without any error, ${problem}`)
    const { failures } = await lookOnDevice(scene, promiseOnDevice(scene.options), {
      played,
      image,
    })
    const [failure] = failures
    if (failure !== undefined) {
      const why = `${failure.name}: ${failure.detail}`
      throw new CannotJudge(`without any error it does not pass: ${why}`)
    }
    counted.push(counts)
  }
  const [one = UNASKED, other = UNASKED] = counted
  const fewer = (ask: keyof DeviceCounts): number => Math.min(one[ask], other[ask])
  return { read: fewer('read'), write: fewer('write'), flush: fewer('flush') }
}

const UNASKED: DeviceCounts = { read: 0, write: 0, flush: 0 }
