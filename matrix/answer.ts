import { MachineError } from '../harness/process/machine-error.ts'
import { plainLine } from '../harness/text/shown.ts'
import { clean } from './shown.ts'
import { jsonText } from './text/json-text.ts'

/** Nobody reads standard output any more. */
export class NobodyReads extends Error {
  override readonly name = 'NobodyReads'
}

/**
 * Words of ours; lines into which something from outside went, each of which stays one line; or what was rendered
 * with colours, of which all from outside was made plain.
 */
export type Answer = string | readonly string[] | { rendered: string }

function textOf(said: Answer): string {
  if (typeof said === 'string') return clean(said)
  return 'rendered' in said ? said.rendered : said.map(plainLine).join('\n')
}

/**
 * Writes what the command was asked for to standard output, and returns once it is delivered. It comes
 * last, when all else is done: an answer that can't be delivered undoes nothing. Throws `NobodyReads` when
 * the pipe is closed, and a `MachineError` when it can't be written.
 */
export async function answer(said: Answer): Promise<void> {
  const text = textOf(said)
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(`${text}\n`, (error) => (error ? reject(error) : resolve()))
    })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') throw new NobodyReads(message)
    throw new MachineError(
      'BROKEN',
      `the answer could not be written to standard output: ${message}`,
      'Send it to where there is room.',
      { cause },
    )
  }
}

/** The same of a value, as JSON that is safe to look at; on one line unless it is indented. */
export async function answerJson(value: unknown, indent = 0): Promise<void> {
  await answer({ rendered: jsonText(value, indent) })
}
