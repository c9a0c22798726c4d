import type { PlannedPoint } from '../plan/plan.ts'
import { shareOf } from '../plan/share.ts'
import type { Operation } from './operations.ts'

/** Where a kill strikes: before, after or within an operation, counted from 1 in its process. */
export interface Point {
  moment: 'before' | 'after' | 'within'
  number: number
  /** What the subject is doing there and the operation's name, such as `append 3: wal-sync`. */
  name: string
  /** Of a `within`: how many bytes of the write are done, or which share of them in 1/65536. */
  writtenBytes?: number
  bytesShare?: number
}

/** How many bytes of a write of `writeBytes` are done before a `within`: at least 1, and not all. */
export function bytesWithin(point: Point, writeBytes: number): number {
  const share = shareOf(writeBytes - 1, point.bytesShare ?? 0)
  return Math.max(1, Math.min(point.writtenBytes ?? 1 + share, writeBytes - 1))
}

/** How a point at an operation is named. */
export function pointName({ during, name }: Operation): string {
  return `${during}: ${name}`
}

function at(
  operation: Operation,
  moment: Point['moment'],
  within: Pick<Point, 'writtenBytes' | 'bytesShare'> = {},
): Point {
  return { moment, number: operation.number, name: pointName(operation), ...within }
}

/** A write that has an inside: it can be stopped after some of its bytes. */
function hasInside(operation: Operation): operation is Operation & { writeBytes: number } {
  return (operation.writeBytes ?? 0) > 1
}

/**
 * The point that a plan's shares mean among the operations that were counted. A `within` where nothing
 * is written becomes a `before`. Undefined when there is no operation at all.
 */
export function choosePoint(planned: PlannedPoint, operations: Operation[]): Point | undefined {
  const writes = operations.filter(hasInside)
  if (planned.moment === 'within' && writes.length > 0) {
    const write = writes[shareOf(writes.length, planned.operationShare)]
    return write && at(write, 'within', { bytesShare: planned.bytesShare })
  }
  const moment = planned.moment === 'within' ? 'before' : planned.moment
  const operation = operations[shareOf(operations.length, planned.operationShare)]
  return operation && at(operation, moment)
}

/** Every point there is: before and after each operation, and three places inside each write. */
export function everyPoint(operations: Operation[]): Point[] {
  return operations.flatMap((operation) => {
    const inside = hasInside(operation)
      ? new Set([1, Math.ceil(operation.writeBytes / 2), operation.writeBytes - 1])
      : new Set<number>()
    return [
      at(operation, 'before'),
      ...[...inside].map((writtenBytes) => at(operation, 'within', { writtenBytes })),
      at(operation, 'after'),
    ]
  })
}
