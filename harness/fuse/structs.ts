import { struct } from './struct.ts'

/** The structs of linux/fuse.h (version 7.41) that serve a tree of files, by the names of the kernel's fields. */

export const IN_HEADER = struct({
  len: 4,
  opcode: 4,
  unique: 8,
  nodeid: 8,
  uid: 4,
  gid: 4,
  /** The thread that called, in the PID namespace of whoever mounted; 0 where the kernel itself writes back. */
  pid: 4,
  totalExtlen: 2,
  padding: 2,
})
export const OUT_HEADER = struct({ len: 4, error: 4, unique: 8 })

export const INIT_IN = struct({ major: 4, minor: 4, maxReadahead: 4, flags: 4, flags2: 4 })
export const INIT_OUT = struct({
  major: 4,
  minor: 4,
  maxReadahead: 4,
  flags: 4,
  maxBackground: 2,
  congestionThreshold: 2,
  maxWrite: 4,
  timeGran: 4,
  maxPages: 2,
  mapAlignment: 2,
  flags2: 4,
  maxStackDepth: 4,
  requestTimeout: 2,
  unused0: 2,
  unused1: 8,
  unused2: 8,
  unused3: 4,
})

const ATTRIBUTES = {
  ino: 8,
  size: 8,
  blocks: 8,
  atime: 8,
  mtime: 8,
  ctime: 8,
  atimensec: 4,
  mtimensec: 4,
  ctimensec: 4,
  mode: 4,
  nlink: 4,
  uid: 4,
  gid: 4,
  rdev: 4,
  blksize: 4,
  flags: 4,
} as const

export const ATTR_OUT = struct({ attrValid: 8, attrValidNsec: 4, dummy: 4, ...ATTRIBUTES })
export const ENTRY_OUT = struct({
  nodeid: 8,
  generation: 8,
  entryValid: 8,
  attrValid: 8,
  entryValidNsec: 4,
  attrValidNsec: 4,
  ...ATTRIBUTES,
})
export const SETATTR_IN = struct({
  valid: 4,
  padding: 4,
  fh: 8,
  size: 8,
  lockOwner: 8,
  atime: 8,
  mtime: 8,
  ctime: 8,
  atimensec: 4,
  mtimensec: 4,
  ctimensec: 4,
  mode: 4,
  unused4: 4,
  uid: 4,
  gid: 4,
  unused5: 4,
})

export const FORGET_IN = struct({ nlookup: 8 })
export const FORGET_ONE = struct({ nodeid: 8, nlookup: 8 })
export const BATCH_FORGET_IN = struct({ count: 4, dummy: 4 })
export const MKNOD_IN = struct({ mode: 4, rdev: 4, umask: 4, padding: 4 })
export const MKDIR_IN = struct({ mode: 4, umask: 4 })
export const RENAME_IN = struct({ newdir: 8 })
export const RENAME2_IN = struct({ newdir: 8, flags: 4, padding: 4 })
export const LINK_IN = struct({ oldnodeid: 8 })
export const OPEN_IN = struct({ flags: 4, openFlags: 4 })
export const CREATE_IN = struct({ flags: 4, mode: 4, umask: 4, openFlags: 4 })
export const OPEN_OUT = struct({ fh: 8, openFlags: 4, padding: 4 })
export const RELEASE_IN = struct({ fh: 8, flags: 4, releaseFlags: 4, lockOwner: 8 })
export const READ_IN = struct({
  fh: 8,
  offset: 8,
  size: 4,
  readFlags: 4,
  lockOwner: 8,
  flags: 4,
  padding: 4,
})
export const WRITE_IN = struct({
  fh: 8,
  offset: 8,
  size: 4,
  writeFlags: 4,
  lockOwner: 8,
  /** As the file was opened; with O_DSYNC or O_SYNC, also of RWF_DSYNC, no sync follows the write. */
  flags: 4,
  padding: 4,
})
export const WRITE_OUT = struct({ size: 4, padding: 4 })
export const FSYNC_IN = struct({ fh: 8, fsyncFlags: 4, padding: 4 })
export const FALLOCATE_IN = struct({ fh: 8, offset: 8, length: 8, mode: 4, padding: 4 })
export const STATFS_OUT = struct({
  blocks: 8,
  bfree: 8,
  bavail: 8,
  files: 8,
  ffree: 8,
  bsize: 4,
  namelen: 4,
  frsize: 4,
  padding: 4,
  spare0: 8,
  spare1: 8,
  spare2: 8,
})
export const DIRENT = struct({ ino: 8, off: 8, namelen: 4, type: 4 })
export const NOTIFY_INVAL_INODE_OUT = struct({ ino: 8, off: 8, len: 8 })
export const NOTIFY_INVAL_ENTRY_OUT = struct({ parent: 8, namelen: 4, flags: 4 })
