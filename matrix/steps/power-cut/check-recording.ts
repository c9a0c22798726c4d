import {
  type ExpectedRecording,
  recordingProblem,
} from '../../../harness/crash-states/recording-problem.ts'
import { FILE_SYSTEMS, type FileSystemName } from '../../../harness/volume/file-systems/index.ts'
import { logRecordingProblem, plannedEntries } from '../../../subjects/wal/expected/recording.ts'
import type { RunRecord } from '../../evidence/types.ts'
import type { RecordingRules } from './rounds.ts'

/** What the recording of a round is of, whatever the subject. */
export function expectedOfRun(
  { cell, powerCut, subject, seed }: RunRecord,
  round: number,
): Omit<ExpectedRecording, 'planned' | 'sizeBytes'> {
  const fileSystem = cell.fileSystem as FileSystemName
  const { tearBytes, ext4 } = powerCut
  const variant = fileSystem === 'ext4' ? ext4 : null
  return { subject, fileSystem, variant, round, seed, tearBytes }
}

/** What recordings of our log, or of a control of it, must be. */
export const rulesOfTheLog = (run: RunRecord): RecordingRules => ({
  allKept: true,
  problem(ordered, round) {
    const expected = expectedOfRun(run, round)
    const { sizeBytes } = FILE_SYSTEMS[expected.fileSystem].powerCut
    const planned = plannedEntries(run.seed, round)
    return (
      recordingProblem(ordered, {
        ...expected,
        planned,
        sizeBytes,
      }) ?? logRecordingProblem(ordered.recording)
    )
  },
})
