import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import type { Disk, OpenMode } from './disk.ts'

const OPEN_FLAGS: Record<OpenMode, number> = {
  read: constants.O_RDONLY,
  update: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT,
  replace: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
}

/**
 * The real disk: `node:fs` and nothing else. A file is synced with fdatasync(2), which POSIX defines
 * as synchronized I/O *data* integrity: the data and the size needed to retrieve it, which is all
 * that the log reads back. A directory is synced with fsync(2) on its own descriptor.
 */
export const nodeDisk: Disk = {
  exists: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
  open: (path, mode) => openSync(path, OPEN_FLAGS[mode], 0o644),
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
