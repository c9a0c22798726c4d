import type { Failure } from '../oracle/failure.ts'
import { PROMISES, type SubjectPromise } from '../oracle/promises/index.ts'
import type { Change } from '../subject/change.ts'
import type { Description } from '../subject/description.ts'
import type { PromisedFault } from '../subject/promise.ts'

/** The longest that a title can be. */
export const TITLE_CHARS = 100

/** A text cut to so many characters, with a sign that it was. */
export function cutTo(text: string, maxChars: number): string {
  const characters = [...text]
  return characters.length <= maxChars ? text : `${characters.slice(0, maxChars - 1).join('')}…`
}

const QUOTED_CHARS = 20

/** The beginning of a content, and its length where that is not all. */
function quoted(text: string): string {
  if ([...text].length <= QUOTED_CHARS) return JSON.stringify(text)
  const length = text.length.toLocaleString('en-US')
  return `${JSON.stringify(cutTo(text, QUOTED_CHARS))}, ${length} characters`
}

/** The `number`-th change of a history (counted from 1), with the beginning of its content. */
export function changeInWords(change: Change, number: number): string {
  const name = `${change.do} ${number}`
  if (change.do === 'append') return `${name} (${quoted(change.entry)})`
  if (change.do === 'replace') return `${name} (${quoted(change.content)})`
  const key = quoted(change.key)
  return change.do === 'put' ? `${name} (${key}: ${quoted(change.value)})` : `${name} (${key})`
}

/** A number of bytes, such as `6,656 bytes`. */
export function bytesInWords(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'byte' : 'bytes'}`
}

/** What a failure means, in words that go on with the fault. */
const MEANS: Readonly<Record<Failure['name'], string>> = {
  'acked-lost': 'what was acknowledged is gone',
  hole: 'a change is gone, and a later one is there',
  phantom: 'something came back that should not be there',
  altered: 'what came back was never sent',
  refused: 'it does not open any more',
  'not-idempotent': 'a second opening gives something else',
  'wrong-next': 'the next change goes wrong',
  'wrong-next-seq': 'the next entry gets a wrong number',
  destroyed: 'what was good is destroyed',
  'false-success': 'a change is acknowledged that is not there',
  silent: 'what was acknowledged is found by no opening',
}

/** What stands above a story: what the failure means, and behind which fault. */
export function titleOf(failure: Failure['name'], fault: string): string {
  return cutTo(`${MEANS[failure]} after ${fault}`, TITLE_CHARS)
}

/** A sentence: with a capital at its beginning where it begins with a letter, and a point at its end. */
export function sentence(text: string): string {
  const begun = `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
  return /[.!?…”]$/.test(begun) ? begun : `${begun}.`
}

/** What came back, in a sentence, with what is wrong with it. */
export function returnedInWords(
  { name, detail }: Failure,
  recovered: number | null,
  sent: number,
): string {
  if (name === 'refused') return sentence(`nothing: ${detail}`)
  if (recovered === null || sent === 0) return sentence(`something else: ${detail}`)
  const state =
    recovered === sent ? 'the state after all of them' : `the state after ${recovered} of ${sent}`
  return sentence(`${state}: ${detail}`)
}

/** A fault in a few words, as they stand behind `after`. */
export const FAULT_IN_BRIEF: Readonly<Record<PromisedFault, string>> = {
  kill: 'a kill',
  'power-cut': 'a power cut',
  'io-error': 'an error of the disk',
  'full-disk': 'a full disk',
}

/** Which promise is broken, with the subject's own words where they are known. */
export function promiseInWords(
  promise: SubjectPromise,
  fault: PromisedFault,
  { words }: Pick<Description, 'words'>,
): string {
  const says = `${promise} after ${FAULT_IN_BRIEF[fault]}: ${PROMISES[promise].means}`
  return words === undefined ? sentence(says) : `${sentence(says)} In its own words: “${words}”`
}

/** A path without what differs from one time to the next: numbers and random names. */
export function alikePath(path: string): string {
  return path.replace(/(?=[0-9a-f]*\d)[0-9a-f]{6,}|\d+/gi, '#')
}

/** What was asked for, such as `put`, of a change with its place in the history, such as `put 3`. */
export const askedFor = (during: string): string => during.split(' ')[0] as string
