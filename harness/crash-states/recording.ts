import type { Ext4Variant } from '../volume/file-systems/ext4.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import { type DeviceRequest, REQUEST } from './device-request.ts'

/** What the subject had been given, and had promised, by positions of the device's log. */
export interface Promises {
  /** The payloads handed over, as JSON. */
  sent: string[]
  /** At which position each was handed over, and at which its acknowledgement arrived. */
  sentAt: number[]
  ackedAt: number[]
}

/** What a file system sent to its disk while a subject ran on it, in order, and what was promised when. */
export interface Recording {
  subject: string
  fileSystem: FileSystemName
  variant: Ext4Variant | null
  mountOptions: readonly string[]
  /** Counted from 1. */
  round: number
  /** What the disk held before. */
  template: Uint8Array
  requests: DeviceRequest[]
  /** The bytes of all writes. */
  data: Uint8Array
  /** The position at which the subject was started: its directory was durable. */
  startPosition: number
  promises: Promises
  /** The positions at which a marker that nobody ever syncs had been written, one after each entry. */
  markedAt: number[]
  /** Flushes that were recorded, and those that the kernel counted meanwhile. */
  flushes: { recorded: number; counted: number }
}

/** What holds when the power is cut at a position, and how often the marker had been written by then. */
export function promisedAt({ promises, markedAt }: Recording, position: number) {
  const before = (positions: number[]): number => positions.filter((at) => at <= position).length
  return {
    sent: promises.sent.slice(0, before(promises.sentAt)),
    acked: before(promises.ackedAt),
    marked: before(markedAt),
  }
}

/** The writes between two flushes: at a cut of the power, any of them may be lost or torn. */
export interface Epoch {
  /** The requests in flight, by their numbers. */
  writes: number[]
  /** Every request before this one is durable. */
  fromPosition: number
  /** The last position at which these writes are in flight: the next flush, or the log's end. */
  endPosition: number
}

/** The epochs of a recording from its start on. What the device got before a flush, the flush made durable. */
export function epochsOf({ requests, startPosition }: Recording): Epoch[] {
  const epochs: Epoch[] = []
  let current: Epoch = { writes: [], fromPosition: 0, endPosition: 0 }
  for (const [number, { kind }] of requests.entries()) {
    if (kind !== REQUEST.flush) {
      current.writes.push(number)
      continue
    }
    epochs.push({ ...current, endPosition: number })
    current = { writes: [], fromPosition: number + 1, endPosition: 0 }
  }
  epochs.push({ ...current, endPosition: requests.length })
  return epochs.filter(({ endPosition }) => endPosition >= startPosition)
}

/** Makes a request's write, or the part of it in a range of its bytes, on an image. */
export function applyRequest(
  image: Uint8Array,
  request: DeviceRequest,
  data: Uint8Array,
  fromBytes = 0,
  toBytes = request.sizeBytes,
): void {
  const { kind, offsetBytes, dataOffset } = request
  if (kind === REQUEST.flush) return
  if (kind === REQUEST.zero) {
    image.fill(0, offsetBytes + fromBytes, offsetBytes + toBytes)
    return
  }
  image.set(data.subarray(dataOffset + fromBytes, dataOffset + toBytes), offsetBytes + fromBytes)
}

/**
 * The same recording, ended after so many requests of the subject's run, but not before so many changes were
 * acknowledged, if it has that many.
 */
export function beginningOf(recording: Recording, requests: number, acked: number): Recording {
  const { startPosition, promises } = recording
  const leastPosition = acked === 0 ? 0 : (promises.ackedAt[acked - 1] ?? recording.requests.length)
  const end = Math.max(startPosition + requests, leastPosition)
  return { ...recording, requests: recording.requests.slice(0, end) }
}

/** The same recording on a disk that does nothing at a flush: all of its writes are in flight for ever. */
export function withoutFlushes(recording: Recording): Recording {
  const { requests, promises } = recording
  let writes = 0
  const writesBefore = requests.map(({ kind }) => (kind === REQUEST.flush ? writes : writes++))
  const moved = (position: number): number => writesBefore[position] ?? writes
  return {
    ...recording,
    requests: requests.filter(({ kind }) => kind !== REQUEST.flush),
    startPosition: moved(recording.startPosition),
    markedAt: recording.markedAt.map(moved),
    promises: {
      sent: promises.sent,
      sentAt: promises.sentAt.map(moved),
      ackedAt: promises.ackedAt.map(moved),
    },
  }
}
