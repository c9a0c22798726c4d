import { EXIT } from '../matrix/exit-code.ts'
import type { Decision } from './decide.ts'

/** One that is not as told outweighs one that cannot be said. */
export function exitCodeOfOutcomes(outcomes: readonly Decision['outcome'][]): number {
  if (outcomes.includes('not-as-told')) return EXIT.fail
  return outcomes.includes('inconclusive') ? EXIT.inconclusive : EXIT.pass
}
