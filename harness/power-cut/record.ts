import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { applyRequest, type Promises, type Recording } from '../crash-states/recording.ts'
import type { Payload } from '../disk-subject/subject.ts'
import { filesIn } from '../files/files-in.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { AnyPhantomShape } from '../plan/plan.ts'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { isSystemError } from '../process/error-report.ts'
import { MachineError } from '../process/machine-error.ts'
import { commandInside, type MountNamespace, namedInside } from '../process/namespace.ts'
import type { Device } from './device/device.ts'
import { MODE } from './device/device-memory.ts'
import type { DeviceSlot } from './device/device-slot.ts'
import { writeMarker } from './marker.ts'
import { Neighbour } from './neighbour.ts'
import type { RecordedWriter } from './subject-host.ts'
import type { Template } from './template.ts'

/** The subject's directory on the volume. */
export const SUBJECT_DIRECTORY = 'subject'

/** One opening of the subject while it is recorded. */
export interface RecordedSession {
  /** What is left behind the log's back first, so that this opening has something to recover. */
  phantom?: AnyPhantomShape | null
  payloads: readonly Payload[]
  /** Whether another program writes and syncs a file of its own meanwhile. */
  busy: boolean
  /** How long that program rests after each sync: one that never does fills the device's log; 0 unless given. */
  restMs?: number
  /** How long the open subject then waits, so that the file system writes out what nobody synced. */
  idleMs?: number
}

/** What one recording holds. */
export interface RecordedPlan {
  /** Counted from 1. */
  round: number
  /** Whether the subject is opened and closed, and that made durable, before recording begins. */
  madeLongAgo?: boolean
  sessions: readonly RecordedSession[]
  /** Whether what the subject left is made durable at the end, as the kernel does it by itself some time. */
  endsDurable?: boolean
}

export interface RecordOptions {
  subject: string
  plan: RecordedPlan
  /** Gives a process in a mount namespace, which runs the subject. */
  writerIn: (namespace: MountNamespace) => Promise<RecordedWriter>
  /** Prepares the subject's new directory, which is made durable afterwards. */
  setUp?: ((directory: string, namespace: MountNamespace) => Promise<void>) | undefined
}

/** What sessions are run with. */
type Session = Pick<RecordOptions, 'subject' | 'plan' | 'setUp'> & { writer: RecordedWriter }

function syncPath(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Syncs the files below a directory, and the directories of them: but not the file system, whose superblock would be written. */
function syncFilesIn(directory: string): void {
  const files = [...filesIn(directory).keys()].map((name) => join(directory, name))
  for (const path of new Set([...files, ...files.map(dirname), directory])) syncPath(path)
}

/** Makes all durable that is on the file system of a device (syncfs(2), by sync(1)). Throws a `MachineError`. */
async function syncFileSystem({ mountPoint, namespace }: Device): Promise<void> {
  const path = namedInside(namespace, mountPoint)
  const [command, ...args] = commandInside(namespace, ['sync', '--file-system', path])
  const { failed, shortMessage } = await execa(command, args, {
    env: CHILD_ENVIRONMENT,
    extendEnv: false,
    reject: false,
  })
  if (!failed) return
  throw new MachineError(
    'BROKEN',
    `a new directory could not be made durable: ${shortMessage}`,
    'See the kernel’s log (dmesg).',
  )
}

async function expectDone(answer: Promise<string | null>, what: string): Promise<void> {
  const refused = await answer
  if (refused !== null) throw new CannotJudge(`${what} while recording: ${refused}`)
}

interface Written {
  startPosition: number
  markedAt: number[]
  promises: Promises
}

/** One opening of the subject; each acknowledgement is tied to the position of the device's log. */
async function runSession(
  device: Device,
  { subject, writer }: Session,
  { payloads, idleMs = 0 }: RecordedSession,
  written: Written,
): Promise<void> {
  const { memory, mountPoint } = device
  const directory = join(mountPoint, SUBJECT_DIRECTORY)
  const { sent, sentAt, ackedAt } = written.promises
  await expectDone(writer.open(subject, directory), 'opening')
  for (const fields of payloads) {
    sent.push(JSON.stringify(fields))
    sentAt.push(memory.position)
    await expectDone(writer.make(fields), `append ${sent.length}`)
    ackedAt.push(memory.position)
    writeMarker(mountPoint, sent.length)
    written.markedAt.push(memory.position)
  }
  if (idleMs > 0) await sleep(idleMs)
  await expectDone(writer.close(), 'closing')
}

/** What a subject had long before it is recorded: what its setup made, and what a first opening did. */
async function prepare(
  directory: string,
  device: Device,
  { subject, plan, writer, setUp }: Session,
): Promise<void> {
  await setUp?.(directory, device.namespace)
  if (plan.madeLongAgo === true) {
    await expectDone(writer.open(subject, directory), 'opening')
    await expectDone(writer.close(), 'closing')
  }
  if (setUp === undefined && plan.madeLongAgo !== true) return
  await syncFileSystem(device)
  // Syncing all of ext4 writes its superblock in place, which a torn write spoils: the next flush is behind that.
  mkdirSync(join(device.mountPoint, 'prepared'))
}

/** Makes the subject's directory durable, and runs the plan's sessions there. */
async function runSessions(device: Device, options: Session): Promise<Written> {
  const { memory, mountPoint } = device
  const directory = join(mountPoint, SUBJECT_DIRECTORY)
  mkdirSync(directory)
  await prepare(directory, device, options)
  syncPath(mountPoint)
  const written: Written = {
    startPosition: memory.position,
    markedAt: [],
    promises: { sent: [], sentAt: [], ackedAt: [] },
  }
  for (const session of options.plan.sessions) {
    if (session.phantom != null) {
      options.writer.leavePhantom?.(directory, session.phantom, written.promises.ackedAt.length)
    }
    const neighbour = session.busy ? new Neighbour(mountPoint, session.restMs) : undefined
    try {
      await runSession(device, options, session, written)
    } finally {
      await neighbour?.stop()
    }
  }
  if (options.plan.endsDurable === true) syncFilesIn(directory)
  return written
}

const SETTLE_ATTEMPTS = 50
const SETTLE_MS = 5

/** The kernel counts a flush when it is over, a moment after the device has answered it. */
async function countedFlushes(
  device: Device,
  since: { kernel: number; device: number },
): Promise<Recording['flushes']> {
  for (let attempt = 1; ; attempt++) {
    const recorded = device.memory.flushes - since.device
    const counted = device.kernelFlushes - since.kernel
    if (recorded === counted || attempt === SETTLE_ATTEMPTS) return { recorded, counted }
    await sleep(SETTLE_MS)
  }
}

/** The log, after proof that its writes make of the template what the device holds. */
function takeLog({ memory }: Device, template: Template): Pick<Recording, 'requests' | 'data'> {
  for (;;) {
    const log = memory.copyLog()
    const image = Buffer.from(template.image)
    for (const request of log.requests) applyRequest(image, request, log.data)
    if (image.equals(memory.image)) return log
    // The file system can write at any time, even while we look.
    if (memory.position > log.requests.length) continue
    throw new CannotJudge('the recorded writes do not add up to what the device holds')
  }
}

async function mountTemplate(device: Device, { mountOptions }: Template): Promise<void> {
  try {
    await device.mount(mountOptions)
  } catch (error) {
    device.assertServing()
    if (error instanceof MachineError) throw error
    const message = `what is to be recorded does not mount: ${(error as Error).message}`
    throw new CannotJudge(message, { cause: error })
  }
}

/**
 * Puts the template on a device, mounts it, lets the writer run the subject there, and returns all that the
 * file system sent to the device. The device is left unmounted. Throws `CannotJudge` where the subject could
 * not be recorded, and a `MachineError`.
 */
export async function record(
  slot: DeviceSlot,
  template: Template,
  { subject, plan, writerIn, setUp }: RecordOptions,
): Promise<Recording> {
  const device = await slot.whileFree((free) => {
    free.put(template.image)
    return free
  })
  const writer = await writerIn(device.namespace)
  const { memory } = device
  memory.clearLog()
  const since = { kernel: device.kernelFlushes, device: memory.flushes }
  memory.mode = MODE.record
  let recording: Recording
  try {
    await mountTemplate(device, template)
    try {
      const written = await runSessions(device, { subject, plan, writer, setUp })
      const log = takeLog(device, template)
      const flushes = await countedFlushes(device, since)
      device.assertServing()
      recording = {
        subject,
        fileSystem: template.fileSystem,
        variant: template.variant,
        mountOptions: template.mountOptions,
        round: plan.round,
        template: template.image,
        ...log,
        ...written,
        flushes,
      }
    } catch (error) {
      // It may hold files open there.
      await writer.stop()
      device.assertServing()
      if (!isSystemError(error)) throw error
      throw new CannotJudge(`while recording: ${(error as Error).message}`, { cause: error })
    } finally {
      await slot.unmount(() => writer.stop())
    }
  } finally {
    memory.mode = MODE.serve
  }
  const { recorded, counted } = recording.flushes
  if (recorded !== counted) {
    throw new CannotJudge(
      `the device recorded ${recorded} flushes and the kernel counted ${counted}`,
    )
  }
  return recording
}
