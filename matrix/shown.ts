import { shown as inert, shownPath as inertPath, plainLine } from '../harness/text/shown.ts'

/** Longer than any value that is right. */
const MAX_SHOWN_CHARS = 60

/** A path that can stand in a sentence as it is. */
const PLAIN_PATH = /^[\p{L}\p{N}\p{P}\p{S}]{1,100}$/u

/** Text without what a terminal would obey; line breaks stay. */
export function clean(text: string): string {
  return text.split('\n').map(plainLine).join('\n')
}

/** A value that was given, to be shown in a message: quoted, on one line, and cut. */
export function shown(value: string): string {
  return `"${inert(value, MAX_SHOWN_CHARS)}"`
}

/** A path that was given, to be shown in a message. */
export function shownPath(path: string): string {
  return PLAIN_PATH.test(path) ? inertPath(path) : shown(path)
}

/** Why the system refused something, without the path, which the message of Node's error repeats. */
export function refusal(error: unknown): string {
  const { message } = error as Error
  return message.replace(/, \w+ '.*'$/s, '')
}
