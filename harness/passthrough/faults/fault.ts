import type { Kind, Request } from '../operation.ts'

/** What is to become of an operation. */
export type Ruling =
  | { do: 'serve' }
  /** Not done, and answered an error, such as `EIO`. */
  | { do: 'refuse'; errno: string }
  /** A write or read of no more than so many bytes, and answered so. */
  | { do: 'shorten'; lengthBytes: number }
  /** The subject dies before, after or within it. */
  | { do: 'kill'; moment: 'before' | 'after' }
  | { do: 'kill'; moment: 'within'; wroteBytes: number }
  /** A write that is answered success and is not made: a disk that lies. */
  | { do: 'pretend' }
  /** A sync: what it covered is lost, and it is answered an error. */
  | { do: 'lose'; errno: string }

export const SERVE: Ruling = { do: 'serve' }

/** An operation before it is done; its `sizeBytes` is that of its file, if it has one. */
export type Coming = Readonly<Request>

/**
 * Which operation is meant, counted from 1: the n-th of all, the n-th that was called (with a kind, the first of that kind
 * from there on, for a program with threads does not do the same each time), or the n-th of a kind.
 */
export type Where = { n: number } | { called: number; kind?: Kind } | { kind: Kind; nth: number }

/** What lasts: how many operations it strikes; those behind the first are the next of its kind. */
export type Times = number | 'for-good'

/** A fault, which a plan orders by its name and its parameters. */
export interface Fault<Order> {
  /** Whether the bytes that writes replace have to be kept until they are synced. */
  readonly losesWrites?: (order: Order) => boolean
  /** Begins anew: the function that it returns is asked of each operation in order, once. */
  arm(order: Order): (coming: Coming) => Ruling
}

/**
 * A function that says of each operation, asked once and in order, whether it is one that is meant. What the
 * kernel writes back of mapped files comes by time, so that no call is counted by it, and no kind.
 */
export function pointer(where: Where, times: Times = 1): (coming: Coming) => boolean {
  let seen = 0
  let struck = 0
  let kind: Kind | null = null
  return (coming) => {
    if (struck === 0) {
      if ('n' in where) {
        if (coming.n !== where.n) return false
      } else if ('called' in where) {
        if (coming.cached || ++seen < where.called) return false
        if (where.kind === undefined ? seen > where.called : coming.kind !== where.kind)
          return false
      } else {
        if (coming.kind !== where.kind || coming.cached || ++seen !== where.nth) return false
      }
      kind = coming.kind
    }
    if (coming.kind !== kind || (times !== 'for-good' && struck >= times)) return false
    struck += 1
    return true
  }
}
