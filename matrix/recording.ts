import { type OrderedRecording, unpackRecording } from '../harness/crash-states/recording-file.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import { shownPath } from '../harness/text/shown.ts'
import type { GoodRead } from './evidence/read.ts'

/** A recording, when it is of that round of that run. Throws a `MachineError`. */
function ofRun({ run, path }: GoodRead, round: number, ordered: OrderedRecording) {
  const { recording } = ordered
  const said: [string, string | number, string | number][] = [
    ['round', recording.round, round],
    ['subject', recording.subject, run.subject],
    ['file system', recording.fileSystem, run.cell.fileSystem],
  ]
  const other = said.find(([, is, due]) => is !== due)
  if (other === undefined) return ordered
  const [what, is, due] = other
  throw new MachineError(
    'BROKEN',
    `the recording of round ${round} in ${shownPath(path)} is of another ${what}: ${is} and not ${due}`,
    'Give a run-N folder of evidence as it was written.',
  )
}

/** A recording from a run's evidence. Throws a `MachineError` when it was not kept. */
export function recordingOf(read: GoodRead, round: number): OrderedRecording {
  const { recordings, path } = read
  const packed = recordings.get(round)
  if (packed !== undefined) return ofRun(read, round, unpackRecording(packed))
  const kept = [...recordings.keys()].sort((a, b) => a - b).join(', ')
  throw new MachineError(
    'MISSING',
    `${shownPath(path)} has no recording of round ${round}; it has ${kept === '' ? 'none' : kept}`,
    'The first eight rounds are kept, and later ones in which something was wrong.',
  )
}
