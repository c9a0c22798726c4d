import { type OrderedRecording, unpackRecording } from '../harness/crash-states/recording-file.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import { shownPath } from '../harness/text/shown.ts'
import type { GoodRead } from './evidence/read.ts'
import { shellPath, shellWord } from './text/shell-word.ts'

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

/** The command that records the history of a state of any subject again, and tries that state. */
function recordsAgain({ run }: GoodRead, subjectPath: string, state: string): string {
  const { fileSystem } = run.cell
  const options = `--tier power-cut --fs ${fileSystem} --seed ${run.seed} --case ${shellWord(state)}`
  return `npx pullplug test ${shellPath(subjectPath)} ${options}`
}

/** Which state is asked for, of a subject that a file describes. */
interface DescribedState {
  subjectPath: string | null
  state: string
}

/**
 * A recording from a run's evidence. Throws a `MachineError` when it was not kept, which says how its history is
 * recorded again where it is one of any subject.
 */
export function recordingOf(
  read: GoodRead,
  round: number,
  described: DescribedState | null = null,
): OrderedRecording {
  const { recordings, path } = read
  const packed = recordings.get(round)
  if (packed !== undefined) return ofRun(read, round, unpackRecording(packed))
  const kept = [...recordings.keys()].sort((a, b) => a - b).join(', ')
  throw new MachineError(
    'MISSING',
    `${shownPath(path)} has no recording of round ${round}; it has ${kept === '' ? 'none' : kept}`,
    described === null || described.subjectPath === null
      ? 'The first eight rounds are kept, and later ones in which something was wrong.'
      : `It was too large to be kept. ${recordsAgain(read, described.subjectPath, described.state)} records that history again.`,
  )
}
