import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs'
import { CannotRead } from './cannot-read.ts'
import { kindOf } from './kind-of.ts'

/** How a file is read. */
export interface ReadOptions {
  maxBytes: number
  /** Whether a link may stand there; only for a path that the user named. */
  followLink?: boolean
}

function assertFile(stats: Stats, maxBytes: number): void {
  if (!stats.isFile()) throw new CannotRead(`is ${kindOf(stats)} and not a file`)
  if (stats.size > maxBytes) throw new CannotRead(tooLarge(stats.size, maxBytes))
}

function tooLarge(sizeBytes: number, maxBytes: number): string {
  return `is too large: ${sizeBytes} bytes, and at most ${maxBytes} are read`
}

/** The bytes from a descriptor on, whatever its size was said to be: one that is read may grow meanwhile. */
function readAtMost(file: number, expectedBytes: number, maxBytes: number): Buffer {
  let bytes = Buffer.allocUnsafe(Math.min(expectedBytes, maxBytes) + 1)
  let readBytes = 0
  for (;;) {
    const got = readSync(file, bytes, readBytes, bytes.length - readBytes, null)
    readBytes += got
    if (readBytes > maxBytes) throw new CannotRead(tooLarge(readBytes, maxBytes))
    if (got === 0) return bytes.subarray(0, readBytes)
    if (readBytes < bytes.length) continue
    const larger = Buffer.allocUnsafe(Math.min(bytes.length * 2, maxBytes) + 1)
    bytes.copy(larger)
    bytes = larger
  }
}

/**
 * Reads a file, of which nothing is believed: a link, FIFO, socket or device in its place is neither
 * followed nor waited for, and no more than `maxBytes` is ever read. Throws `CannotRead` for those, and
 * system errors.
 */
export function readBounded(path: string, { maxBytes, followLink = false }: ReadOptions): Buffer {
  // Looked at before it is opened, for merely opening a device can do something.
  assertFile(followLink ? statSync(path) : lstatSync(path), maxBytes)
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
  const file = openSync(path, followLink ? flags : flags | constants.O_NOFOLLOW)
  try {
    const stats = fstatSync(file)
    assertFile(stats, maxBytes)
    return readAtMost(file, stats.size, maxBytes)
  } finally {
    closeSync(file)
  }
}
