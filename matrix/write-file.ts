import { writeFileSync } from 'node:fs'
import { MachineError } from '../harness/process/machine-error.ts'
import { refusal, shownPath } from './shown.ts'

/** Writes `what`, such as `the report`, to the file that `option` named. Throws a `MachineError`. */
export function writeFile(
  path: string,
  content: string | Uint8Array,
  { what, option }: { what: string; option: string },
): void {
  try {
    writeFileSync(path, content)
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `${what} cannot be written to ${shownPath(path)}: ${refusal(cause)}`,
      `Choose another file with ${option}.`,
      { cause },
    )
  }
}
