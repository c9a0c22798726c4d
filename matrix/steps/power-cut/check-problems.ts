import { promisedAt } from '../../../harness/crash-states/recording.ts'
import { stateInWords } from '../../../harness/crash-states/state.ts'
import { contradictionIn } from '../../../harness/oracle/tally.ts'
import { tellsSafePointAhead } from '../../../subjects/wal/inspect.ts'
import type { StateProblemRecord } from '../../evidence/types.ts'
import type { KeptShare } from './rounds.ts'

function idOf(state: string): { round: number; number: number } {
  const [round, number] = state.split('.').map(Number) as [number, number]
  return { round, number }
}

/** The rounds in which something was wrong. */
export const roundsOf = (problems: readonly StateProblemRecord[]): Set<number> =>
  new Set(problems.map(({ state }) => idOf(state).round))

/** What a state in which something was wrong is held against, by what the subject is. */
export interface StateRules {
  /** How what was recovered contradicts what was found, as the rest of a sentence; null when it does not. */
  tallyProblem(problem: StateProblemRecord, sent: number): string | null
  /** Whether its recording must have been kept. */
  allKept: boolean
}

/** The same of our log, and of its controls. */
export function logTallyProblem(
  { acked, recovered, failures }: StateProblemRecord,
  sent: number,
): string | null {
  const tally = { sent, acked, recovered, failures, rotted: false }
  const contradiction = contradictionIn(tally, tellsSafePointAhead)
  return contradiction === null ? null : `contradicts itself: ${contradiction}`
}

/** What of a state in which something was wrong is not what its recording says of that state. */
function stateProblem(
  problem: StateProblemRecord,
  shares: readonly KeptShare[],
  rules: StateRules,
): string | null {
  const { kind, what, acked, recovered, failures, notJudged } = problem
  const { round, number } = idOf(problem.state)
  const kept = shares.flatMap(({ rounds }) => rounds).find((each) => each.round === round)
  if (kept === undefined) {
    return rules.allKept ? 'is of a round whose recording is not there' : null
  }
  const state = kept.states.distinct[number - 1]
  if (state === undefined) return 'is none that its recording has'
  if (state.kind !== kind) return `is told as ${kind}, and its recording makes it ${state.kind}`
  if (stateInWords(state) !== what) return 'is told in other words than its recording gives'
  if (failures.length > 0 === (notJudged !== null)) return 'contradicts itself'
  if (notJudged !== null) {
    return acked === 0 && recovered === null ? null : 'was not judged, and counts entries'
  }
  const promised = promisedAt(kept.recording, state.epoch.endPosition)
  if (acked !== promised.acked) {
    return `says that ${acked} entries were acknowledged, and its recording has ${promised.acked}`
  }
  return rules.tallyProblem(problem, promised.sent.length)
}

/** The first of a record's states that is not what its recording says, in a sentence; null when all are. */
export function statesProblem(
  problems: readonly StateProblemRecord[],
  shares: readonly KeptShare[],
  rules: StateRules,
): string | null {
  const names = problems.map(({ state }) => state)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return `state ${twice} is told twice`
  for (const each of problems) {
    const problem = stateProblem(each, shares, rules)
    if (problem !== null) return `state ${each.state} ${problem}`
  }
  return null
}
