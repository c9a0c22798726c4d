import { createHash } from 'node:crypto'
import { planIteration } from '../../../harness/plan/plan.ts'
import { MAX_SEED } from '../../../harness/plan/stream.ts'
import { payloadsOf } from '../../../harness/plan/workload.ts'

/** The seeds whose plans must be the same everywhere: the ends of the range, its middle, and a few between. */
const SEEDS = [0, 1, 7, 42, 0x7fff_ffff, 0x8000_0000, MAX_SEED]
const ITERATIONS = 20

/** The SHA-256 of the iterations and payloads of a fixed list of seeds, as JSON. */
export function digestOfPlans(): string {
  const hash = createHash('sha256')
  for (const seed of SEEDS) {
    for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
      const planned = planIteration(seed, iteration)
      hash.update(JSON.stringify([planned, payloadsOf(planned.workload)]))
    }
  }
  return hash.digest('hex')
}
