import { unpackRecording } from '../../harness/crash-states/recording-file.ts'
import { statesOf } from '../../harness/crash-states/states.ts'
import { type Came, type Strip, stripOf } from '../../harness/crash-states/strip.ts'
import type { RecordingStates } from '../evidence/power-cut-states.ts'
import type { PowerCutRecord } from '../evidence/types.ts'

type Kept = PowerCutRecord['recordings'][number]

function cameOf({ contents, failed, unjudged }: RecordingStates): Came {
  const [bad, unsure] = [new Set(failed), new Set(unjudged)]
  return (number) => ({
    verdict: bad.has(number) ? 'fail' : unsure.has(number) ? 'inconclusive' : 'pass',
    outcome: contents[number - 1] || null,
  })
}

/** Where that was not kept: of states that are not listed, it is known that they passed only if all others are. */
function cameByProblems({ states, problems }: PowerCutRecord, round: number): Came {
  const { failed, unconfirmed, unjudged } = states
  const unlisted = failed + unconfirmed + unjudged === problems.length ? 'pass' : null
  const listed = new Map(problems.map((problem) => [problem.state, problem]))
  return (number) => {
    const problem = listed.get(`${round}.${number}`)
    if (problem === undefined) return { verdict: unlisted, outcome: null }
    return { verdict: problem.notJudged === null ? 'fail' : 'inconclusive', outcome: null }
  }
}

/**
 * The strip of the packed recording of a round: how much of it was tried, and what came of which state, from where that
 * was kept or else from what is listed. The states follow from the recording. Throws as `unpackRecording` does.
 */
export function stripOfPacked(
  packed: Uint8Array,
  { round, tried, contents }: Kept,
  record: PowerCutRecord,
  seen: RecordingStates | undefined,
): Strip {
  const { recording, seed, tearBytes } = unpackRecording(packed)
  const came = seen === undefined ? cameByProblems(record, round) : cameOf(seen)
  const states = statesOf(recording, seed, tearBytes).distinct.slice(0, tried)
  return stripOf(recording, states, { tried, contents, came })
}
