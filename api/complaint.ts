import { EXIT } from '../matrix/exit-code.ts'
import { CannotMeasure, CrashTestError } from './errors.ts'
import type { Ended } from './run-pullplug.ts'

const PREFIX = 'pullplug: '

/** What pullplug complained of last, and what to do about it, from what it wrote to standard error. */
export function complaintIn(stderr: string): { message: string; remedy: string | null } {
  const lines = stderr.trimEnd().split('\n')
  const at = lines.findLastIndex((line) => line.startsWith(PREFIX))
  if (at === -1) return { message: lines.slice(-10).join('\n') || 'it said nothing', remedy: null }
  const said = [(lines[at] as string).slice(PREFIX.length), ...lines.slice(at + 1)]
  const last = said.length > 1 ? said.at(-1) : undefined
  return last?.startsWith('  ')
    ? { message: said.slice(0, -1).join('\n'), remedy: last.trim() }
    : { message: said.join('\n'), remedy: null }
}

/**
 * The error for a run that gave no report. `subject` is how it is called, and `checkLine` the line that tells more of
 * a subject that breaks its contract.
 */
export function errorOf(
  { exitCode, signal, stderr }: Ended,
  { subject, checkLine }: { subject: string; checkLine: string },
): Error {
  const { message, remedy } = complaintIn(stderr)
  if (exitCode === EXIT.fail) {
    const story = `crash test of ${subject}: ${message}\n  again  ${checkLine}`
    return new CrashTestError(story, { replay: checkLine, seed: null })
  }
  if (exitCode === EXIT.usage) {
    return new TypeError(
      `crashTest: ${[message, remedy].filter((each) => each !== null).join('\n  ')}`,
    )
  }
  const why = exitCode === EXIT.missing ? 'missing' : 'broken'
  const end = signal === undefined ? '' : ` (it ended by ${signal})`
  return new CannotMeasure(`crash test of ${subject} could not be made: ${message}${end}`, {
    why,
    remedy,
  })
}
