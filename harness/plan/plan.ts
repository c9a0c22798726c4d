import { MAX_SHARE } from './share.ts'
import { streamOf } from './stream.ts'
import type { Workload } from './workload.ts'

/** How many entries an iteration appends unless it is told otherwise. */
export const DEFAULT_ENTRIES = { min: 1, max: 10 } as const

/** What a phantom that is put behind the log's back looks like, as a crash can leave it. */
export type PhantomShape = 'frame' | 'partial' | 'zeros' | 'huge-length'

/**
 * Any phantom: one that a plan draws, or `frames`, which no crash leaves: several whole frames that go on
 * where the safe point stands, as if that had fallen back to an older moment.
 */
export type AnyPhantomShape = PhantomShape | 'frames'

/**
 * A point as a plan chooses it. Which operations a subject makes is its own business, so the plan
 * draws numbers, and the harness counts the operations and takes the drawn share of them.
 */
export interface PlannedPoint {
  moment: 'before' | 'after' | 'within'
  /** Which operation, as a share of all (or of all writes, for a `within`), in 1/65536. */
  operationShare: number
  /** How much of a write is done, likewise. */
  bytesShare: number
}

/** One fault as a plan chooses it. */
export type PlannedFault =
  | { kind: 'kill'; process: 'writer' | 'recovery'; point: PlannedPoint }
  | { kind: 'phantom'; shape: PhantomShape }
  | { kind: 'bit-rot'; entryShare: number }

/** One iteration: a workload, and the faults that it suffers in order. */
export interface PlannedIteration {
  /** Counted from 1. */
  iteration: number
  workload: Workload
  faults: PlannedFault[]
}

/**
 * The `iteration`-th iteration (counted from 1) of a seed, whatever the others are: a pure function,
 * the same on every architecture and for ever. Of 20, about 16 kill the writer (4 of them kill its
 * recovery as well), 3 leave a phantom behind the log's back, and one rots a committed entry.
 */
export function planIteration(seed: number, iteration: number): PlannedIteration {
  const stream = streamOf(seed, iteration * 2)
  const share = (): number => stream.between(0, MAX_SHARE)
  const kill = (process: 'writer' | 'recovery'): PlannedFault => ({
    kind: 'kill',
    process,
    point: {
      moment: stream.oneOf(['before', 'after', 'within']),
      operationShare: share(),
      bytesShare: share(),
    },
  })
  const entries = stream.between(DEFAULT_ENTRIES.min, DEFAULT_ENTRIES.max)
  const draw = stream.between(1, 20)
  const faults: PlannedFault[] =
    draw <= 12
      ? [kill('writer')]
      : draw <= 16
        ? [kill('writer'), kill('recovery')]
        : draw <= 19
          ? [{ kind: 'phantom', shape: stream.oneOf(['frame', 'partial', 'zeros', 'huge-length']) }]
          : [{ kind: 'bit-rot', entryShare: share() }]
  return { iteration, workload: { seed, stream: iteration, entries }, faults }
}
