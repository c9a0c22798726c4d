import type { Request } from '../../fuse/request.ts'
import type { SystemCalls } from '../../process/system-calls.ts'
import type { Node, Nodes } from '../nodes.ts'
import type { Kind } from '../operation.ts'
import type { PassthroughPlan } from '../plan.ts'
import type { Traced } from '../trace-memory.ts'

/** What requests are served from. */
export interface Scene {
  readonly request: Request
  readonly nodes: Nodes
  readonly calls: SystemCalls
  /** The descriptors of the backing folder that stand for what is open. */
  readonly handles: Set<number>
  /** The entries of directories that are open, by their handles. */
  readonly listings: Map<number, Uint8Array[]>
  plan: PassthroughPlan | null
}

/** An operation that was asked for, and is not done yet. */
export type Draft = Omit<Traced, 'wroteBytes' | 'done' | 'errno' | 'struck' | 'lost'>

/** What a request of one opcode means. */
export interface Row {
  /** What it is to the subject: an operation that is numbered, or null where it changes nothing. */
  describe?(scene: Scene): Draft | null
  /**
   * Does it, and returns the body of the answer; of a write and a read no more than `limitBytes`. Throws the
   * operating system's error, which is answered.
   */
  perform(scene: Scene, limitBytes?: number): Uint8Array
}

export const EMPTY = new Uint8Array(0)

/** The node that a request is about. */
export function nodeOf({ request, nodes }: Scene): Node {
  return nodes.get(request.header.nodeid)
}

/** An operation of the request's thread, with nothing in the fields that are not given. */
export function draft(
  { request }: Scene,
  kind: Kind,
  fields: Pick<Draft, 'path'> & Partial<Draft>,
): Draft {
  return {
    kind,
    threadId: request.header.pid,
    to: '',
    file: 0,
    replaced: 0,
    offsetBytes: 0,
    lengthBytes: 0,
    sizeBytes: -1,
    mode: -1,
    cached: false,
    synced: false,
    direct: false,
    data: EMPTY,
    ...fields,
  }
}

/** An error as the operating system gives it, to be answered. */
export function osError(errno: number): Error {
  return Object.assign(new Error(`errno ${errno}`), { errno: -errno })
}
