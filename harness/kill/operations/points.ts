import type { Operation } from '../../passthrough/operation.ts'
import type { PlannedPoint } from '../../plan/plan.ts'
import { shareOf } from '../../plan/share.ts'

/** An operation of a history, as it was counted. */
export interface CountedOperation {
  /** Counted from 1. */
  number: number
  /** What the subject was asked meanwhile, such as `put 3`. */
  during: string
  /** What is done and to which file, such as `write notes.log`. */
  name: string
  /** Where a write can be stopped: after so many of its bytes. */
  stopsBytes: readonly number[]
}

/** Where a kill strikes a subject whose operations are seen. */
export interface OperationPoint {
  moment: 'before' | 'within' | 'after'
  /** Of the operations that it called, counted from 1. */
  number: number
  /** What the subject was asked meanwhile, and what it does there, in words. */
  during: string
  operation: string
  /** Of a `within`: after how many bytes of the write. */
  writtenBytes?: number
}

/** A point's name in its history, which counts no other point: `21b` is before operation 21, `21w4096` within it, `21a` after it. */
export function pointName({ number, moment, writtenBytes }: OperationPoint): string {
  return `${number}${moment === 'within' ? `w${writtenBytes}` : moment === 'before' ? 'b' : 'a'}`
}

/** A point in words: `put 3: before write data.mdb (operation 21)`. */
export function operationPointInWords(point: OperationPoint): string {
  const { during, moment, operation, number, writtenBytes } = point
  const bytes = writtenBytes === undefined ? '' : `, after ${writtenBytes} bytes`
  return `${during}: ${moment} ${operation} (operation ${number}${bytes})`
}

/**
 * A SIGKILL stops a write where the kernel looks for one: between two folios (mm/filemap.c, fs/iomap/buffered-io.c). They
 * are pages on tmpfs, and on ext4 before Linux 6.16; newer file systems copy larger ones, and leave fewer of these cuts.
 */
const PAGE_BYTES = 4096

/** After how many of a write's bytes a SIGKILL can stop it: first, in the middle and last. */
function stopsOf({ kind, cached, offsetBytes, lengthBytes }: Operation): number[] {
  if (kind !== 'write' || cached) return []
  const first = PAGE_BYTES - (offsetBytes % PAGE_BYTES)
  if (first >= lengthBytes) return []
  const pages = Math.floor((lengthBytes - 1 - first) / PAGE_BYTES)
  const after = [0, Math.floor(pages / 2), pages].map((page) => first + page * PAGE_BYTES)
  return [...new Set(after)]
}

/** The path of an operation in the subject's own folder, of which all paths begin with the name. */
const within = (path: string): string => path.split('/').slice(1).join('/') || '.'

/** What an operation does, and to which file, in words. */
export function operationInWords({
  kind,
  path,
  to,
}: Pick<Operation, 'kind' | 'path' | 'to'>): string {
  const target = kind === 'rename' || kind === 'link' ? ` to ${within(to)}` : ''
  return `${kind} ${within(path)}${target}`
}

/** An operation as it is counted; one that the kernel makes by time is none, since it is at no place of the history. */
export function countedOperation(operation: Operation, during: string): CountedOperation {
  const { n: number } = operation
  return { number, during, name: operationInWords(operation), stopsBytes: stopsOf(operation) }
}

function at(
  { number, during, name: operation }: CountedOperation,
  moment: OperationPoint['moment'],
  within: Pick<OperationPoint, 'writtenBytes'> = {},
): OperationPoint {
  return { moment, number, during, operation, ...within }
}

/**
 * Every point there is at these operations. First those that differ in what is on the disk: before each operation,
 * and within each write; then those after each, where the disk holds what it holds before the next one.
 */
export function pointsAt(operations: readonly CountedOperation[]): OperationPoint[] {
  return [
    ...operations.map((operation) => at(operation, 'before')),
    ...operations.flatMap((operation) =>
      operation.stopsBytes.map((writtenBytes) => at(operation, 'within', { writtenBytes })),
    ),
    ...operations.map((operation) => at(operation, 'after')),
  ]
}

/**
 * The point that a plan's shares mean among the operations that were counted. A `within` where no write has an inside
 * becomes a `before`. Undefined when there is no operation at all.
 */
export function pointOf(
  { moment, operationShare, bytesShare }: PlannedPoint,
  operations: readonly CountedOperation[],
): OperationPoint | undefined {
  const writes = operations.filter(({ stopsBytes }) => stopsBytes.length > 0)
  if (moment === 'within' && writes.length > 0) {
    const write = writes[shareOf(writes.length, operationShare)] as CountedOperation
    const { stopsBytes } = write
    return at(write, 'within', {
      writtenBytes: stopsBytes[shareOf(stopsBytes.length, bytesShare)] as number,
    })
  }
  const operation = operations[shareOf(operations.length, operationShare)]
  return operation && at(operation, moment === 'within' ? 'before' : moment)
}
