import { REQUEST } from '../../harness/crash-states/device-request.ts'
import { unpackRecording } from '../../harness/crash-states/recording-file.ts'
import { statesOf } from '../../harness/crash-states/states.ts'
import type { RecordingStates } from '../evidence/power-cut-states.ts'
import type { PowerCutRecord } from '../evidence/types.ts'
import { MAX_DRAWN_REQUESTS, MAX_DRAWN_STATES } from './limits.ts'
import type { ReportRecording, TriedState } from './model.ts'

type Kept = PowerCutRecord['recordings'][number]

/** What came of each state, by its number counted from 0, as far as it is known. */
type Came = (index: number) => Pick<TriedState, 'verdict' | 'outcome'>

function cameOf({ contents, failed, unjudged }: RecordingStates): Came {
  const [bad, unsure] = [new Set(failed), new Set(unjudged)]
  return (index) => ({
    verdict: bad.has(index + 1) ? 'fail' : unsure.has(index + 1) ? 'inconclusive' : 'pass',
    outcome: contents[index] || null,
  })
}

/** Where that was not kept: of states that are not listed, it is known that they passed only if all others are. */
function cameByProblems({ states, problems }: PowerCutRecord, round: number): Came {
  const { failed, unconfirmed, unjudged } = states
  const unlisted = failed + unconfirmed + unjudged === problems.length ? 'pass' : null
  const listed = new Map(problems.map((problem) => [problem.state, problem]))
  return (index) => {
    const problem = listed.get(`${round}.${index + 1}`)
    if (problem === undefined) return { verdict: unlisted, outcome: null }
    return { verdict: problem.notJudged === null ? 'fail' : 'inconclusive', outcome: null }
  }
}

/**
 * What a strip is drawn of: the packed recording of a round, how much of it was tried, and what came of which state,
 * from where that was kept or else from what is listed. The states follow from the recording. Throws as `unpackRecording` does.
 */
export function stripOf(
  packed: Uint8Array,
  { round, tried, contents }: Kept,
  record: PowerCutRecord,
  seen: RecordingStates | undefined,
): ReportRecording {
  const { recording, seed, tearBytes } = unpackRecording(packed)
  const { requests, startPosition, promises } = recording
  const came = seen === undefined ? cameByProblems(record, round) : cameOf(seen)
  const states = statesOf(recording, seed, tearBytes)
    .distinct.slice(0, tried)
    .map(({ kind, epoch }, index): TriedState => {
      const at = epoch.endPosition
      return { number: index + 1, at, kind, ...came(index) }
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
