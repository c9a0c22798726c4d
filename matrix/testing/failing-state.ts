import { promisedAt } from '../../harness/crash-states/recording.ts'
import { unpackRecording } from '../../harness/crash-states/recording-file.ts'
import { stateInWords, stateName } from '../../harness/crash-states/state.ts'
import { statesOf } from '../../harness/crash-states/states.ts'
import { stateReplayLine } from '../evidence/replay-line.ts'
import type { StateProblemRecord } from '../evidence/types.ts'
import { runName } from '../shard.ts'
import type { Draft } from './evidence.ts'

/** Lists the first state in which something had been acknowledged as one that lost it all. */
export function failingState({ run, powerCut, recordings }: Draft): StateProblemRecord {
  const [[round, packed] = []] = recordings
  if (round === undefined || packed === undefined) throw new Error('nothing was recorded')
  const { recording, seed, tearBytes } = unpackRecording(packed)
  const { distinct } = statesOf(recording, seed, tearBytes)
  const at = distinct.findIndex(({ epoch }) => promisedAt(recording, epoch.endPosition).acked > 0)
  const found = distinct[at]
  if (powerCut === null || found === undefined) throw new Error('nothing was acknowledged')
  const { acked } = promisedAt(recording, found.epoch.endPosition)
  const state = stateName({ round, number: at + 1 })
  const detail = `${acked} entries were acknowledged and 0 came back`
  const problem: StateProblemRecord = {
    state,
    kind: found.kind,
    what: stateInWords(found),
    acked,
    recovered: 0,
    failures: [{ name: 'acked-lost', detail }],
    confirmedBy: ['loop-mount', 'e2fsck'],
    notJudged: null,
    replay: stateReplayLine(
      `evidence/amd64/ext4/${runName(run.run, run.shard)}`,
      state,
      run.subjectPath,
    ),
  }
  powerCut.problems.push(problem)
  const { taken, agreed, durationMs } = powerCut.confirmations
  powerCut.confirmations = { taken: taken + 1, agreed: agreed + 1, durationMs }
  return problem
}
