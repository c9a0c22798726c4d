import { constants } from 'node:fs'

/**
 * FOPEN_DIRECT_IO (linux/fuse.h): one write(2) is one request, and every read is seen. From the kernel's cache, a
 * write that begins within a page would come in two parts.
 */
export const DIRECT = 1

const { O_APPEND, O_CREAT, O_DIRECT, O_EXCL, O_NOFOLLOW, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } =
  constants
/** The kernel has obeyed these, and obeyed here they would do harm: it says itself where each write goes. */
const OBEYED = O_APPEND | O_CREAT | O_DIRECT | O_EXCL | O_NOFOLLOW | O_SYNC | O_TRUNC

/**
 * The flags with which a file of the backing folder is opened for whoever opens it with `flags`. What is opened for
 * writing is opened for reading as well: the kernel reads what it maps, and a lost write is put back.
 */
export function openFlags(flags: number): number {
  const kept = flags & ~OBEYED
  return (kept & O_WRONLY) !== 0 ? (kept & ~O_WRONLY) | O_RDWR : kept
}
