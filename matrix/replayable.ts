import { isDeepStrictEqual } from 'node:util'
import { MachineError } from '../harness/process/machine-error.ts'
import type { DescribedSubject } from '../harness/subject/description.ts'
import { shown, shownPath } from '../harness/text/shown.ts'
import { CONTROL_NAMES } from '../subjects/wal/controls/index.ts'
import { ARCHITECTURES, FILE_SYSTEM_NAMES } from './cells.ts'
import type { ReadFiles } from './evidence/read-files.ts'
import type { RunRecord } from './evidence/types.ts'
import type { Progress } from './progress.ts'
import { readDescription } from './subject/read-description.ts'

/** What can be run here again: by the words for it, what a run says, and what is known. */
type Known = [what: string, tell: (run: RunRecord) => string, known: readonly string[]]

const ALWAYS: readonly Known[] = [
  ['architecture', ({ cell }) => cell.arch, ARCHITECTURES],
  ['file system', ({ cell }) => cell.fileSystem, FILE_SYSTEM_NAMES],
]
const NAMED: Known = ['subject', ({ subject }) => subject, ['wal', ...CONTROL_NAMES]]

function requireKnown(run: RunRecord, all: readonly Known[]): void {
  for (const [what, tell, known] of all) {
    const said = tell(run)
    if (known.includes(said)) continue
    throw new MachineError(
      'MISSING',
      `it cannot be replayed: there is no ${what} ${shown(said, 64)} here`,
      `Those known here are ${known.join(', ')}.`,
    )
  }
}

/**
 * The subject of a run that a file describes, as `subjectPath` describes it now; null for our log and its controls.
 * What evidence names is never run: whoever replays names the description. Throws as `readDescription`, and a
 * `MachineError` where the run, its architecture or its file system is none that is known here.
 */
export function subjectFor(
  { run, description }: Pick<ReadFiles, 'run' | 'description'>,
  { subjectPath, progress }: { subjectPath: string | null; progress: Progress },
): DescribedSubject | null {
  if (run.subjectPath === null) {
    requireKnown(run, [NAMED, ...ALWAYS])
    return null
  }
  requireKnown(run, ALWAYS)
  if (subjectPath === null) {
    throw new MachineError(
      'MISSING',
      `it is of ${shown(run.subject, 64)}, which a file describes, and replaying it runs what that names`,
      'Name the description with --subject.',
    )
  }
  const subject = readDescription(subjectPath)
  if (!isDeepStrictEqual(subject.description, description)) {
    progress.line(
      `${shownPath(subjectPath)} is not the description that was run; it is what is run now.`,
    )
  }
  return subject
}
