import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { leavePhantom } from '../kill/damage.ts'
import { refusalInWords } from '../kill/victim-protocol.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { PowerCutPlan, PowerCutSession } from '../plan/power-cut.ts'
import type { Device } from './device.ts'
import { MODE } from './device-memory.ts'
import { writeMarker } from './marker.ts'
import { Neighbour } from './neighbour.ts'
import { applyRecord, type Promises, type Recording } from './recording.ts'
import type { Template } from './template.ts'
import type { Writer } from './writer-client.ts'

/** The subject's directory on the volume. */
export const SUBJECT_DIRECTORY = 'subject'

export interface RecordOptions {
  subject: string
  plan: PowerCutPlan
  /** The process that runs the subject. */
  writer: Writer
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

async function expectDone(
  writer: Writer,
  order: Parameters<Writer['tell']>[0],
  what: string,
): Promise<void> {
  const answer = await writer.tell(order)
  if ('done' in answer) return
  throw new CannotJudge(`${what} while recording: ${refusalInWords(answer.refused)}`)
}

interface Written {
  startPosition: number
  markedAt: number[]
  promises: Promises
}

/** One opening of the subject; each acknowledgement is tied to the position of the device's log. */
async function runSession(
  device: Device,
  { subject, writer }: RecordOptions,
  { payloads }: PowerCutSession,
  written: Written,
): Promise<void> {
  const { memory, mountPoint } = device
  const directory = join(mountPoint, SUBJECT_DIRECTORY)
  const { sent, sentAt, ackedAt } = written.promises
  await expectDone(writer, { open: { subject, directory } }, 'opening')
  for (const fields of payloads) {
    sent.push(JSON.stringify(fields))
    sentAt.push(memory.position)
    await expectDone(writer, { append: fields }, `append ${sent.length}`)
    ackedAt.push(memory.position)
    writeMarker(mountPoint, sent.length)
    written.markedAt.push(memory.position)
  }
  await expectDone(writer, { close: true }, 'closing')
}

/** Makes the subject's directory durable, and runs the plan's sessions there. */
async function runSessions(device: Device, options: RecordOptions): Promise<Written> {
  const { memory, mountPoint } = device
  const directory = join(mountPoint, SUBJECT_DIRECTORY)
  mkdirSync(directory)
  syncDirectory(mountPoint)
  const written: Written = {
    startPosition: memory.position,
    markedAt: [],
    promises: { sent: [], sentAt: [], ackedAt: [] },
  }
  for (const session of options.plan.sessions) {
    if (session.phantom !== null) {
      leavePhantom(directory, session.phantom, written.promises.ackedAt.length)
    }
    const neighbour = session.busy ? new Neighbour(mountPoint) : undefined
    try {
      await runSession(device, options, session, written)
    } finally {
      await neighbour?.stop()
    }
  }
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
function takeLog({ memory }: Device, template: Template): Pick<Recording, 'records' | 'data'> {
  for (;;) {
    const log = memory.copyLog()
    const image = Buffer.from(template.image)
    for (const record of log.records) applyRecord(image, record, log.data)
    if (image.equals(memory.image)) return log
    // The file system can write at any time, even while we look.
    if (memory.position > log.records.length) continue
    throw new CannotJudge('the recorded writes do not add up to what the device holds')
  }
}

/**
 * Puts the template on the device, mounts it, lets the writer run the subject there, and
 * returns all that the file system sent to the device. The device is left unmounted. Throws
 * `CannotJudge` where the subject could not be recorded, a `MachineError`, or a system error.
 */
export async function record(
  device: Device,
  template: Template,
  options: RecordOptions,
): Promise<Recording> {
  const { memory } = device
  device.put(template.image)
  memory.clearLog()
  const since = { kernel: device.kernelFlushes, device: memory.flushes }
  memory.mode = MODE.record
  let recording: Recording
  try {
    await device.mount(template.mountOptions)
    try {
      const written = await runSessions(device, options)
      const log = takeLog(device, template)
      const flushes = await countedFlushes(device, since)
      device.assertServing()
      recording = {
        subject: options.subject,
        fileSystem: template.fileSystem,
        variant: template.variant,
        mountOptions: template.mountOptions,
        round: options.plan.round,
        template: template.image,
        ...log,
        ...written,
        flushes,
      }
    } catch (error) {
      // It may hold files open there.
      await options.writer.stop()
      throw error
    } finally {
      await device.unmount()
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
