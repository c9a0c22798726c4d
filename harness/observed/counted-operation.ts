import type { Kind, Operation } from '../passthrough/operation.ts'

/** An operation of a history, as it was counted. */
export interface CountedOperation {
  /** Counted from 1. */
  number: number
  /** What the subject was asked meanwhile, such as `put 3`. */
  during: string
  kind: Kind
  /** What is done and to which file, such as `write notes.log`. */
  name: string
  /** Of a write: how many bytes; else as the operation has it. */
  lengthBytes: number
  /** By how much it makes its file longer, where sizes were seen; else 0. */
  growsBytes: number
  /** Where a write can be stopped: after so many of its bytes. */
  stopsBytes: readonly number[]
}

/**
 * A SIGKILL stops a write where the kernel looks for one: between two folios (mm/filemap.c, fs/iomap/buffered-io.c). They
 * are pages on tmpfs, and on ext4 before Linux 6.16; newer file systems copy larger ones, and leave fewer of these cuts.
 */
const PAGE_BYTES = 4096

/**
 * After how many of a write's bytes a SIGKILL can stop it: first, in the middle and last. One past the page cache goes to
 * the disk as a whole.
 */
function stopsOf({ kind, cached, direct, offsetBytes, lengthBytes }: Operation): number[] {
  if (kind !== 'write' || cached || direct) return []
  const first = PAGE_BYTES - (offsetBytes % PAGE_BYTES)
  if (first >= lengthBytes) return []
  const pages = Math.floor((lengthBytes - 1 - first) / PAGE_BYTES)
  const after = [0, Math.floor(pages / 2), pages].map((page) => first + page * PAGE_BYTES)
  return [...new Set(after)]
}

/** The path of an operation in the subject's own folder, of which all paths begin with the name. */
const within = (path: string): string => path.split('/').slice(1).join('/') || '.'

/** How the second path is told of the kinds that have one. */
const TARGET: Partial<Record<Kind, string>> = { rename: 'to', link: 'to', exchange: 'with' }

/** What an operation does, and to which file, in words. */
export function operationInWords({
  kind,
  path,
  to,
}: Pick<Operation, 'kind' | 'path' | 'to'>): string {
  const joined = TARGET[kind]
  return `${kind} ${within(path)}${joined === undefined ? '' : ` ${joined} ${within(to)}`}`
}

/** By how many bytes an operation makes its file longer; 0 where that was not seen. */
function growthOf({ kind, offsetBytes, lengthBytes, sizeBytes }: Operation): number {
  if (sizeBytes < 0 || (kind !== 'write' && kind !== 'fallocate')) return 0
  return Math.max(0, offsetBytes + lengthBytes - sizeBytes)
}

/** An operation as it is counted; one that the kernel makes by time is none, since it is at no place of the history. */
export function countedOperation(operation: Operation, during: string): CountedOperation {
  const { n: number, kind, lengthBytes } = operation
  const [name, growsBytes] = [operationInWords(operation), growthOf(operation)]
  return { number, during, kind, name, lengthBytes, growsBytes, stopsBytes: stopsOf(operation) }
}
