import type { Payload } from '../disk-subject/subject.ts'
import type { AnyPhantomShape, PhantomShape } from './plan.ts'
import { streamOf } from './stream.ts'
import { payloadsOf } from './workload.ts'

/** One opening of the subject: what is done to its files before, and how many entries it appends. */
export interface PowerCutSession {
  /** What is left behind the log's back first, so that this opening has something to recover. */
  phantom: AnyPhantomShape | null
  payloads: Payload[]
  /** Whether another program writes and syncs a file of its own meanwhile. */
  busy: boolean
}

/** What one recording holds. */
export interface PowerCutPlan {
  /** Counted from 1. */
  round: number
  sessions: PowerCutSession[]
}

/** The last round of a campaign. */
export const MAX_ROUNDS = 100_000

/** Apart from the streams of the kill tier, which are those of the seed itself. */
const SEED_MASK = 0x9e37_79b9

/** So many words make a payload longer than a block of 4096 bytes, and no two of its sectors alike. */
const LONG_WORDS = 1200

function lengthened(payload: Payload, entry: number): Payload {
  const words = Array.from({ length: LONG_WORDS }, (_, i) => `${entry}.${i}`)
  return { ...payload, long: words.join(' ') }
}

/**
 * What the `round`-th recording of a seed holds (counted from 1): a pure function, the same on every
 * architecture and for ever. Three openings; small appends, and in each opening one that is longer than
 * a block; a phantom that the second opening has to recover from; and
 * a third opening beside which somebody else writes, so that more is in flight at a time.
 */
export function planPowerCut(seed: number, round: number): PowerCutPlan {
  const own = (seed ^ SEED_MASK) >>> 0
  const stream = streamOf(own, round * 2)
  const sizes = [stream.between(3, 5), stream.between(2, 4), stream.between(2, 3)]
  const phantom = stream.oneOf<PhantomShape>(['frame', 'partial', 'zeros', 'huge-length'])
  const entries = sizes.reduce((sum, size) => sum + size, 0)
  const payloads = payloadsOf({ seed: own, stream: round, entries })
  let taken = 0
  const sessions = sizes.map((size, index): PowerCutSession => {
    const long = stream.between(1, size) - 1
    const ours = payloads.slice(taken, taken + size)
    const session = {
      phantom: index === 1 ? phantom : null,
      busy: index === 2,
      payloads: ours.map((each, i) => (i === long ? lengthened(each, taken + i + 1) : each)),
    }
    taken += size
    return session
  })
  return { round, sessions }
}
