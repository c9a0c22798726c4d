import { REQUEST } from '../../harness/crash-states/device-request.ts'
import { unpackRecording } from '../../harness/crash-states/recording-file.ts'
import { statesOf } from '../../harness/crash-states/states.ts'
import type { PowerCutRecord, StateProblemRecord } from '../evidence/types.ts'
import { MAX_DRAWN_REQUESTS, MAX_DRAWN_STATES } from './limits.ts'
import type { ReportRecording, TriedState } from './model.ts'

type Kept = PowerCutRecord['recordings'][number]

/** Of states that are not listed, evidence says that they passed only where all that did not are listed. */
function unlistedVerdict({ states, problems }: PowerCutRecord): TriedState['verdict'] {
  const { failed, unconfirmed, unjudged } = states
  return failed + unconfirmed + unjudged === problems.length ? 'pass' : null
}

const verdictOf = (problem: StateProblemRecord): TriedState['verdict'] => {
  return problem.notJudged === null ? 'fail' : 'inconclusive'
}

/**
 * What a strip is drawn of: the packed recording of a round, how much of it was tried, and what was wrong in which
 * state. The states follow from the recording. Throws as `unpackRecording` does.
 */
export function stripOf(
  packed: Uint8Array,
  { round, tried, contents }: Kept,
  record: PowerCutRecord,
): ReportRecording {
  const { recording, seed, tearBytes } = unpackRecording(packed)
  const { requests, startPosition, promises } = recording
  const byName = new Map(record.problems.map((problem) => [problem.state, problem]))
  const unlisted = unlistedVerdict(record)
  const states = statesOf(recording, seed, tearBytes)
    .distinct.slice(0, tried)
    .map(({ kind, epoch }, index): TriedState => {
      const problem = byName.get(`${round}.${index + 1}`)
      const verdict = problem === undefined ? unlisted : verdictOf(problem)
      return { number: index + 1, at: epoch.endPosition, kind, verdict, outcome: null }
    })
  const failed = states.filter(({ verdict }) => verdict !== 'pass' && verdict !== null)
  const shown = [...requests.entries()].slice(startPosition, startPosition + MAX_DRAWN_REQUESTS)
  const ofKind = (isFlush: boolean) =>
    shown.filter(([, { kind }]) => (kind === REQUEST.flush) === isFlush)
  return {
    round,
    from: startPosition,
    to: requests.length,
    writes: ofKind(false).map(([at, { sizeBytes }]) => ({ at, sizeBytes })),
    flushes: ofKind(true).map(([at]) => at),
    acknowledged: promises.ackedAt.filter((at) => at >= startPosition),
    // Of too many, those that failed are drawn whatever else is not.
    states: states.length <= MAX_DRAWN_STATES ? states : firstWith(states, failed),
    tried,
    contents,
  }
}

function firstWith(states: readonly TriedState[], due: readonly TriedState[]): TriedState[] {
  const others = states
    .filter((state) => !due.includes(state))
    .slice(0, Math.max(0, MAX_DRAWN_STATES - due.length))
  return [...due, ...others].sort((a, b) => a.number - b.number)
}
