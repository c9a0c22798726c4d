import type { Failure } from './failure.ts'
import { ackedLost } from './prefix.ts'

/** What is on record of one recovery: numbers, and what the oracle said. */
export interface Tally {
  /** How many entries had been handed over. */
  sent: number
  acked: number
  /** How many came back; null when recovery refused, or nothing could be looked at. */
  recovered: number | null
  failures: readonly Failure[]
  /** Whether a committed entry had been rotted, so that refusing is right. */
  rotted: boolean
}

/** Whether a detail tells that a subject's own files promise more than so many entries. */
type TellsAhead = (detail: string, recovered: number) => boolean

/** Failures of the entries themselves: where one has its name, the numbers need no other. */
const OF_ENTRIES = ['acked-lost', 'hole', 'phantom', 'altered']
const AFTER_NEXT = 'after the next append, '

function ackedLostAgrees(
  { acked, recovered }: Tally,
  detail: string,
  tellsAhead: TellsAhead,
): boolean {
  if (recovered === null) return false
  if (detail.startsWith(AFTER_NEXT)) return true
  if (detail === ackedLost(acked, recovered)) return recovered < acked
  return tellsAhead(detail, recovered)
}

/** Failures that only a recovery which returned entries can have. */
const OF_A_RETURN = [...OF_ENTRIES, 'wrong-next-seq']

function failureProblem(
  tally: Tally,
  { name, detail }: Failure,
  tellsAhead: TellsAhead,
): string | null {
  const { recovered } = tally
  if (recovered === null && OF_A_RETURN.includes(name)) {
    return `it is told as ${name}, and nothing was recovered`
  }
  if (name === 'acked-lost' && !ackedLostAgrees(tally, detail, tellsAhead)) {
    return `its acked-lost is told in other numbers than it has`
  }
  if (name === 'wrong-next-seq' && !detail.endsWith(` and not ${(recovered ?? 0) + 1}`)) {
    return `its wrong-next-seq is told in other numbers than it has`
  }
  return null
}

/**
 * How the numbers of a recovery contradict what the oracle is said to have found, as the rest of a
 * sentence; null when the oracle can have found that: at least what was acknowledged comes back, and at
 * most what was sent. `tellsAhead` knows the sentences of the subject's own inspection.
 */
export function contradictionIn(tally: Tally, tellsAhead: TellsAhead): string | null {
  const { sent, acked, recovered, failures, rotted } = tally
  if (acked > sent) return `${acked} entries were acknowledged and ${sent} were sent`
  const names: readonly string[] = failures.map(({ name }) => name)
  const named = names.some((name) => OF_ENTRIES.includes(name))
  if (recovered === null) {
    if (failures.length === 0 && !rotted) return 'recovery refused, and that is not told'
  } else if (recovered < acked && !named) {
    return `${recovered} of ${acked} acknowledged entries came back, and that is not told`
  } else if (recovered > sent && !named) {
    return `${recovered} entries came back of ${sent} that were sent, and that is not told`
  }
  for (const failure of failures) {
    const problem = failureProblem(tally, failure, tellsAhead)
    if (problem !== null) return problem
  }
  return null
}
