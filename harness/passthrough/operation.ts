/** The kinds of operations. All but the last two change something or make it durable, and are always numbered. */
export const KINDS = [
  'create',
  'mkdir',
  'symlink',
  'mkfifo',
  'bind',
  'link',
  'unlink',
  'rmdir',
  'rename',
  'exchange',
  'open-truncate',
  'truncate',
  'write',
  'fallocate',
  'chmod',
  'chown',
  'utimes',
  'fsync',
  'fsyncdir',
  'open',
  'read',
] as const

export type Kind = (typeof KINDS)[number]

/** What everybody knows of an operation before it is done. */
export interface Request {
  /** Counted from 1 since the observation began. */
  n: number
  kind: Kind
  /**
   * The thread that called, as the mounter's PID namespace numbers it; 0 where the kernel writes a mapped file
   * back.
   */
  threadId: number
  /**
   * From the directory served, such as `sub/log`; empty for itself. Of several names of a file, the one that was
   * used last. Bytes that are no UTF-8 stand in it as `bytesOf` has them.
   */
  path: string
  /** Of a rename, an exchange and a link the new path, of a symlink what it points to; else empty. */
  to: string
  /** Which file or directory, by a number that no other one of this mount ever has; 0 where there is none yet. */
  file: number
  /** Of a rename and an exchange: which file the new name had been; 0 where none. */
  replaced: number
  offsetBytes: number
  /** Of a write, a read and a fallocate how many; of a truncate the new size. */
  lengthBytes: number
  /** Of a write and a fallocate: how large the file was before, if that is seen; else -1. */
  sizeBytes: number
  /** Of what makes a file, and of a chmod, the permissions; of a fallocate its mode; -1 where it has none. */
  mode: number
  /** The kernel wrote a page of a mapped file back: by time, not by a call. */
  cached: boolean
  /** A write that is to be durable when it returns (O_DSYNC, O_SYNC, RWF_DSYNC): no sync follows it. */
  synced: boolean
  /** A write past the page cache (O_DIRECT). */
  direct: boolean
}

/** One operation on the directory, as it was asked for and answered. */
export interface Operation extends Request {
  /** Of a write: all that was to be written; else empty. */
  data: Buffer
  /** How much of it was written; of a read, how much was read. */
  wroteBytes: number
  /** Whether any of it was done. */
  done: boolean
  /** What it was answered, such as `EIO`; null for success. */
  errno: string | null
  /** Whether a fault struck it. */
  struck: boolean
  /** Of a sync: what it covered, since the last one of the file, was lost. */
  lost: boolean
}
