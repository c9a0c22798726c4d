import type { TriedCase } from '../tier.ts'
import type { MomentResult } from './moment-iteration.ts'
import type { NamedResult } from './operations/campaign.ts'
import { killInWords, strayInWords } from './operations/kill-at-operation.ts'

/** A kill at a moment, as it is told when it ended. */
export function triedMoment({ iteration, moment, verdict }: MomentResult): TriedCase {
  const { afterAcks, delayMicros } = moment
  const what = `killed ${delayMicros} µs after change ${afterAcks + 1} was sent`
  return { case: String(iteration), what, verdict }
}

/** A kill at an operation, likewise. */
export function triedKill(result: NamedResult): TriedCase {
  const what = `${killInWords(result)}${strayInWords(result.counted, result)}`
  return { case: result.name, what, verdict: result.verdict }
}
