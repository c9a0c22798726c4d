import { MachineError } from '../harness/process/machine-error.ts'
import { shown } from '../harness/text/shown.ts'
import { CONTROL_NAMES } from '../subjects/wal/controls/index.ts'
import { ARCHITECTURES, FILE_SYSTEM_NAMES } from './cells.ts'
import type { RunRecord } from './evidence/types.ts'

/** What can be run here again: by the words for it, what a run says, and what is known. */
const KNOWN: [string, (run: RunRecord) => string, readonly string[]][] = [
  ['subject', ({ subject }) => subject, ['wal', ...CONTROL_NAMES]],
  ['architecture', ({ cell }) => cell.arch, ARCHITECTURES],
  ['file system', ({ cell }) => cell.fileSystem, FILE_SYSTEM_NAMES],
]

/** Throws a `MachineError` unless a run is of a subject, an architecture and a file system that are known here. */
export function requireReplayable(run: RunRecord): void {
  for (const [what, tell, known] of KNOWN) {
    const said = tell(run)
    if (known.includes(said)) continue
    throw new MachineError(
      'MISSING',
      `it cannot be replayed: there is no ${what} ${shown(said, 64)} here`,
      `Those known here are ${known.join(', ')}.`,
    )
  }
}
