import { MAX_ROUNDS } from '../plan/power-cut.ts'
import { MAX_SEED } from '../plan/stream.ts'
import { EXT4_VARIANTS, type Ext4Variant } from '../volume/file-systems/ext4.ts'
import { FILE_SYSTEMS, isFileSystem, mountOptionsOf } from '../volume/file-systems/index.ts'
import { PAGE_BYTES, REQUEST, SECTOR_BYTES } from './device-request.ts'
import type { Recording } from './recording.ts'
import { MAX_ENTRIES, MAX_VOLUME_BYTES, RECORDING_LIMITS } from './recording-limits.ts'

/** The line of JSON that a recording's file begins with, and the order of states that its seed means. */
export const FORMAT = 'pullplug-recording/2'

export interface Header extends Omit<Recording, 'template' | 'requests' | 'data'> {
  format: typeof FORMAT
  seed: number
  tearBytes: number
  sizeBytes: number
  /** The numbers of the template's pages that are not zero. */
  templatePages: number[]
  /** The requests, as files of this format call them: kind, offset and size of each. */
  records: [kind: number, offsetBytes: number, sizeBytes: number][]
  dataBytes: number
}

const KEYS: readonly (keyof Header)[] = [
  ...(['format', 'seed', 'tearBytes', 'subject', 'fileSystem', 'variant', 'mountOptions'] as const),
  ...(['round', 'startPosition', 'promises', 'markedAt', 'flushes', 'sizeBytes'] as const),
  ...(['templatePages', 'records', 'dataBytes'] as const),
]

/** As evidence names a subject. */
const SUBJECT = /^[a-z0-9][a-z0-9-]{0,63}$/
/** Where a write can be torn. */
const TEARS: readonly unknown[] = [512, 4096]

const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max

const hasKeys = (value: unknown, keys: readonly string[]): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length === keys.length &&
  keys.every((key) => Object.hasOwn(value, key))

/** A list of so many positions at most, none before the one before it. */
const arePositions = (value: unknown, min: number, max: number): value is number[] =>
  Array.isArray(value) &&
  value.length <= MAX_ENTRIES &&
  value.every((at, i) => isWhole(at, i === 0 ? min : value[i - 1], max))

function diskProblem(header: Record<string, unknown>): string | null {
  const { fileSystem, variant, mountOptions, sizeBytes, templatePages } = header
  if (typeof fileSystem !== 'string' || !isFileSystem(fileSystem)) {
    return 'an unknown file system'
  }
  const isVariant = typeof variant === 'string' && Object.hasOwn(EXT4_VARIANTS, variant)
  if (variant !== null && !(fileSystem === 'ext4' && isVariant)) return 'an unknown variant'
  // What it is mounted with is never taken from a file: an option can name any other device.
  const options = mountOptionsOf(fileSystem, variant as Ext4Variant | null)
  if (JSON.stringify(mountOptions) !== JSON.stringify(options)) return 'other mount options'
  const leastBytes = FILE_SYSTEMS[fileSystem].powerCut.sizeBytes
  const hasSize = isWhole(sizeBytes, leastBytes, MAX_VOLUME_BYTES)
  if (!hasSize || (sizeBytes as number) % PAGE_BYTES !== 0) return 'a disk of another size'
  const pages = (sizeBytes as number) / PAGE_BYTES
  const inOrder =
    Array.isArray(templatePages) &&
    templatePages.length <= pages &&
    templatePages.every((page, i) =>
      isWhole(page, i === 0 ? 0 : templatePages[i - 1] + 1, pages - 1),
    )
  return inOrder ? null : 'pages out of order or beyond its disk'
}

function writesProblem({ records, sizeBytes, dataBytes }: Header): string | null {
  const { requests: maxRequests, logBytes } = RECORDING_LIMITS
  if (!Array.isArray(records)) return 'no list of writes'
  if (records.length > maxRequests) return `more than ${maxRequests} writes and flushes`
  let writtenBytes = 0
  for (const request of records) {
    if (!Array.isArray(request) || request.length !== 3) return 'a write that is none'
    const [kind, offset, size] = request
    if (kind === REQUEST.flush && offset === 0 && size === 0) continue
    if (kind !== REQUEST.write && kind !== REQUEST.zero) return 'a write that is none'
    if (!isWhole(offset, 0, sizeBytes) || !isWhole(size, 1, sizeBytes)) {
      return 'a write of no whole bytes'
    }
    if (offset % SECTOR_BYTES !== 0 || size % SECTOR_BYTES !== 0) return 'a write of half a sector'
    if (offset + size > sizeBytes) return 'a write beyond its disk'
    if (kind === REQUEST.write) writtenBytes += size
  }
  if (writtenBytes > logBytes) return `more than ${logBytes} bytes of writes`
  return writtenBytes === dataBytes ? null : 'writes that do not add up to its bytes'
}

/** A subject is handed one entry after another: each is acknowledged, and marked, before the next is sent. */
function promisesProblem(header: Header): string | null {
  const { startPosition, promises, markedAt, records: requests } = header
  if (!isWhole(startPosition, 0, requests.length)) return 'a start beyond its end'
  if (!hasKeys(promises, ['sent', 'sentAt', 'ackedAt'])) return 'no promises'
  const { sent, sentAt, ackedAt } = promises
  if (!Array.isArray(sent) || sent.length > MAX_ENTRIES) return `more than ${MAX_ENTRIES} entries`
  if (!sent.every((json) => typeof json === 'string')) return 'an entry that is no text'
  for (const positions of [sentAt, ackedAt, markedAt]) {
    if (!arePositions(positions, startPosition, requests.length)) return 'positions out of order'
  }
  if (sentAt.length !== sent.length || ackedAt.length > sent.length) {
    return 'acknowledgements of what was never sent'
  }
  if (markedAt.length > ackedAt.length) return 'marks of what was never acknowledged'
  const early = sentAt.some(
    (at, i) =>
      at > (ackedAt[i] ?? requests.length) ||
      (ackedAt[i] ?? 0) > (markedAt[i] ?? requests.length) ||
      at < (markedAt[i - 1] ?? 0),
  )
  return early ? 'positions out of order' : null
}

function scalarsProblem(header: Record<string, unknown>): string | null {
  const { seed, tearBytes, subject, round, flushes, dataBytes } = header
  if (!isWhole(seed, 0, MAX_SEED)) return 'no seed'
  if (!TEARS.includes(tearBytes)) return 'a torn unit that no disk has'
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) return 'no subject'
  if (!isWhole(round, 1, MAX_ROUNDS)) return 'no round'
  if (!isWhole(dataBytes, 0, RECORDING_LIMITS.logBytes)) return 'no number of bytes'
  const counts = hasKeys(flushes, ['recorded', 'counted']) ? Object.values(flushes) : [null]
  return counts.every((count) => isWhole(count, 0, Number.MAX_SAFE_INTEGER)) ? null : 'no flushes'
}

/** What a value has that the header of no recording has; null when it is one. */
export function problemInHeader(value: unknown): string | null {
  const format = (value as { format?: unknown } | null)?.format
  if (format !== FORMAT) return 'another format'
  if (!hasKeys(value, KEYS)) return 'other keys'
  const header = value as unknown as Header
  return (
    scalarsProblem(value) ?? diskProblem(value) ?? writesProblem(header) ?? promisesProblem(header)
  )
}
