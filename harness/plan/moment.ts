import { namedStream } from './stream.ts'

/** When a program whose operations are not seen is killed: so long after one of its acknowledgements. */
export interface PlannedMoment {
  /** How many changes are sent before; the next one is under way when it is killed. */
  afterAcks: number
  /** How long after the next change was sent, in microseconds. */
  delayMicros: number
}

/** One iteration that kills at a moment. */
export interface MomentIteration {
  /** Counted from 1. */
  iteration: number
  /** How many changes its history may have. */
  changes: number
  moment: PlannedMoment
}

/** From at once to longer than most changes take. */
const DELAYS_MICROS = [0, 20, 50, 100, 200, 400, 700, 1000, 1500, 2500, 4000, 8000] as const
/** Most histories are short; every third is long enough for a compaction or a checkpoint. */
const SHORT = { min: 1, max: 12 } as const
const LONG = { min: 30, max: 70 } as const

/**
 * The `iteration`-th iteration (counted from 1) of a seed that kills at a moment: a pure function, the same on
 * every machine. What is under way at that moment depends on the machine.
 */
export function planMoment(seed: number, iteration: number): MomentIteration {
  const stream = namedStream(seed, 'kill at a moment', iteration)
  const { min, max } = stream.between(1, 3) === 1 ? LONG : SHORT
  const changes = stream.between(min, max)
  const afterAcks = stream.between(0, changes - 1)
  return { iteration, changes, moment: { afterAcks, delayMicros: stream.oneOf(DELAYS_MICROS) } }
}
