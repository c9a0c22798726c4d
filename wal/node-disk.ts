import {
  type BigIntStats,
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import type { Disk, FileKind, OpenMode, Standing } from './disk.ts'
import { notAFile, WalViolation } from './error.ts'

/** A link is refused by the kernel itself, and a pipe that nobody writes to opens at once. */
const FILE_ONLY = constants.O_NOFOLLOW | constants.O_NONBLOCK

const OPEN_FLAGS: Record<OpenMode, number> = {
  read: constants.O_RDONLY | FILE_ONLY,
  update: constants.O_RDWR | FILE_ONLY,
  create: constants.O_RDWR | constants.O_CREAT | FILE_ONLY,
  replace: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | FILE_ONLY,
}
/** What a file is made with that isn't there: the kernel lets nothing stand there that could be another's. */
const MAKE_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL
const NEW_FILE_MODE = 0o644

function kindOf(stats: Stats | BigIntStats): FileKind {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'link'
  if (stats.isFIFO()) return 'pipe'
  return stats.isSocket() ? 'socket' : 'device'
}

/** What kept a path from being opened, where that is what stands there. */
function obstacleAt(path: string): FileKind | undefined {
  try {
    const kind = kindOf(lstatSync(path))
    return kind === 'file' ? undefined : kind
  } catch {
    return undefined
  }
}

/** `NOT_A_FILE` where that is why the kernel refused: it says ELOOP, EISDIR, ENXIO, ESPIPE, … */
function refused(path: string, error: unknown): unknown {
  if (error instanceof WalViolation) return error
  const obstacle = obstacleAt(path)
  return obstacle === undefined ? error : notAFile(path, obstacle)
}

/** Asked of what was opened, so that nothing can take its place in between. */
function assertFile(path: string, file: number): void {
  const kind = kindOf(fstatSync(file))
  if (kind !== 'file') throw notAFile(path, kind)
}

function openExisting(path: string, mode: OpenMode): number {
  let file: number
  try {
    file = openSync(path, OPEN_FLAGS[mode], NEW_FILE_MODE)
  } catch (error) {
    throw refused(path, error)
  }
  try {
    assertFile(path, file)
    return file
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/**
 * A positioned read, which no pipe and no socket allows, and of which a device gives nothing or all: what
 * was opened is asked what it is only then. That the file was read is not noted in it, where whoever asks
 * may have it so: noting it is a write.
 */
function peek(path: string, target: Uint8Array): number {
  let file: number | undefined
  try {
    file = openWithoutTrace(path)
    const readBytes = readSync(file, target, 0, target.length, 0)
    if (readBytes === 0 || readBytes === target.length) assertFile(path, file)
    return readBytes
  } catch (error) {
    throw refused(path, error)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function openWithoutTrace(path: string): number {
  try {
    return openSync(path, OPEN_FLAGS.read | (constants.O_NOATIME ?? 0))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
    return openSync(path, OPEN_FLAGS.read)
  }
}

/** Mostly there is nothing to replace, and what was just made need not be asked what it is. */
function openReplacing(path: string): number {
  try {
    return openSync(path, MAKE_FLAGS, NEW_FILE_MODE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return openExisting(path, 'replace')
  }
}

function look(path: string): Standing | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  // Most file systems number their inodes in what a double can count, and those are asked faster.
  const exact = Number.isSafeInteger(stats.ino) ? stats : lstatSync(path, { bigint: true })
  return { kind: kindOf(stats), identity: identityOf(exact), sizeBytes: stats.size }
}

const identityOf = ({ dev, ino }: Stats | BigIntStats): string => `${dev}:${ino}`

/**
 * The real disk: `node:fs` and nothing else. A file is synced with fdatasync(2), which POSIX defines
 * as synchronized I/O *data* integrity: the data and the size needed to retrieve it, which is all
 * that the log reads back. A directory is synced with fsync(2) on its own descriptor.
 */
export const nodeDisk: Disk = {
  exists: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
  look,
  open: (path, mode) => (mode === 'replace' ? openReplacing(path) : openExisting(path, mode)),
  peek,
  identity: (file) => identityOf(fstatSync(file, { bigint: true })),
  sizeBytes: (file) => fstatSync(file).size,
  read: (file, target, positionBytes) => readSync(file, target, 0, target.length, positionBytes),
  write: (file, bytes, positionBytes) => writeSync(file, bytes, 0, bytes.length, positionBytes),
  truncate: (file, sizeBytes) => ftruncateSync(file, sizeBytes),
  sync: (file) => fdatasyncSync(file),
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  unlink: (path) => unlinkSync(path),
  syncDirectory: (path) => {
    const directory = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
  },
}
