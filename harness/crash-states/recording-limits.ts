import { type DeviceRequest, REQUEST, SECTOR_BYTES } from './device-request.ts'
import { epochsOf, type Recording } from './recording.ts'

const MIB = 1024 * 1024

/** How many of the states in which something is wrong a campaign keeps. */
export const KEPT_PROBLEMS = 10
/** So many recordings are kept from the beginning, and so many later ones in which something was wrong. */
export const KEPT_ROUNDS = 8
const KEPT_LATER = 3
export const KEPT_RECORDINGS = KEPT_ROUNDS + KEPT_LATER

/** A recording as a file, and what it unpacks to: its line of JSON, the template's pages, its writes. */
export const PACKED_BYTES = 16 * MIB
export const UNPACKED_BYTES = 48 * MIB
export const HEADER_BYTES = 4 * MIB

/** Writes and flushes of a recording that is kept, and the bytes of its writes. */
export const RECORDING_LIMITS = { requests: 20_000, logBytes: 32 * MIB } as const

/** Changes that a subject is handed while it is recorded (a plan has 7 to 70), and characters of one as JSON. */
export const MAX_ENTRIES = 1000
export const MAX_ENTRY_CHARS = 600 * 1024
/** The largest volume of which a recording is kept: as many bytes of memory are taken to read it. */
export const MAX_VOLUME_BYTES = 128 * MIB

/** Bytes that a file system may discard or zero. */
const MAX_ZERO_BYTES = 256 * MIB

/**
 * What ordering the states of a recording costs grows with the writes in flight between two flushes times
 * the sectors of them: for ext4, xfs and btrfs that is 5, 2 and 27 thousand.
 */
const MAX_WORK = 1_000_000

function sectorsOf({ requests }: Recording, writes: readonly number[]): number {
  const sizes = writes.map((number) => (requests[number] as DeviceRequest).sizeBytes)
  return sizes.reduce((sum, sizeBytes) => sum + sizeBytes, 0) / SECTOR_BYTES
}

/** What of a recording is more than can be kept and read again, as what it has; null when nothing is. */
export function excessOf(recording: Recording): string | null {
  const { requests, promises, data, template } = recording
  if (template.length > MAX_VOLUME_BYTES) return `a disk of more than ${MAX_VOLUME_BYTES} bytes`
  if (requests.length > RECORDING_LIMITS.requests) {
    return `more than ${RECORDING_LIMITS.requests} writes and flushes`
  }
  if (data.length > RECORDING_LIMITS.logBytes) {
    return `more than ${RECORDING_LIMITS.logBytes} bytes of writes`
  }
  if (promises.sent.length > MAX_ENTRIES) return `more than ${MAX_ENTRIES} entries`
  if (promises.sent.some((json) => json.length > MAX_ENTRY_CHARS)) {
    return `an entry of more than ${MAX_ENTRY_CHARS} characters`
  }
  const zeroBytes = requests
    .filter(({ kind }) => kind === REQUEST.zero)
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (zeroBytes > MAX_ZERO_BYTES) return `more than ${MAX_ZERO_BYTES} bytes that became zero`
  const work = epochsOf({ ...recording, startPosition: 0 })
    .map(({ writes }) => writes.length * sectorsOf(recording, writes))
    .reduce((sum, each) => sum + each, 0)
  return work > MAX_WORK ? 'too many writes in flight at a time' : null
}
