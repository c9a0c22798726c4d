/** What the kernel asks of a FUSE server (enum fuse_opcode in linux/fuse.h), as far as any server here knows it. */
export const OPCODE = {
  forget: 2,
  getattr: 3,
  setattr: 4,
  read: 15,
  write: 16,
  statfs: 17,
  fsync: 20,
  init: 26,
  interrupt: 36,
  destroy: 38,
  batchForget: 42,
  fallocate: 43,
} as const

/** Whose sender waits for no answer. */
export const UNANSWERED: ReadonlySet<number> = new Set([
  OPCODE.forget,
  OPCODE.batchForget,
  OPCODE.interrupt,
])

export const ERRNO = { EIO: 5, ENOSPC: 28, ENOSYS: 38 } as const
