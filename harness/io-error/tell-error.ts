import type { Failure } from '../oracle/failure.ts'
import type { Reduction, Story, StoryEvent } from '../story/story.ts'
import { type ToldCase, tell } from '../story/tell.ts'
import { alikePath, sentence } from '../story/words.ts'
import type { SentChange } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { caseInWords, strayInWords } from './cases.ts'
import { IO_ERROR_NAMES, IO_ERRORS } from './errors/index.ts'
import type { IoErrorRow } from './errors/row.ts'
import { promiseUnder } from './promise-under.ts'
import type { ToldErrorCase } from './told.ts'

type Promised = Pick<IoErrorRow, 'promised' | 'losesUnsynced'>

/** What an error puts to the test; a device that fails loses what was not synced. */
function promisedOf({ made, operation }: ToldErrorCase): Promised {
  if (made !== null) return IO_ERRORS[made.error]
  return operation === 'device'
    ? { promised: 'io-error', losesUnsynced: true }
    : { promised: 'full-disk', losesUnsynced: false }
}

/** What became of each change; behind an error one that was not acknowledged was refused. */
function askedOf({ history, sent }: ToldErrorCase): ToldCase['asked'] {
  return history.slice(0, sent).map((each: SentChange) => ({
    ...each,
    became: each.outcome === 'acked' ? 'acknowledged' : 'failed',
  }))
}

/** What the subject answered to what met the error, in a sentence; nothing where that is not known. */
function answerInWords({ struck }: ToldErrorCase): string[] {
  if (struck === null || struck.during === '') return []
  const { during, refused } = struck
  return [
    refused === null
      ? `The subject answered ${during} with success.`
      : sentence(`the subject refused ${during}: ${refused}`),
  ]
}

/** Errors of one family strike a program alike. */
function familyOf(error: string): string {
  if (error.startsWith('short-')) return 'does less than it was asked for'
  if (error.startsWith('full-')) return 'finds the disk full'
  return 'fails'
}

/** What failures by such an error at such a place share. */
function placeOfError({ made, operation, error }: ToldErrorCase): string {
  if (made === null) return `${operation} ${error}`
  return `${alikePath(made.operation.name)} ${familyOf(made.error)}`
}

/** What failures behind errors that are alike share. */
export function causeOfError(told: ToldErrorCase): string {
  return `${told.failures[0]?.name} ${placeOfError(told)}`
}

/** In the order of the errors, so that the plainest of a family stands for it. */
export function plainestFirst(told: readonly ToldErrorCase[]): ToldErrorCase[] {
  const placeOf = ({ made }: ToldErrorCase): number =>
    made === null ? IO_ERROR_NAMES.length : IO_ERROR_NAMES.indexOf(made.error)
  return told.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function struckInWords({ made, what, struck, met }: ToldErrorCase): string {
  if (made === null) return sentence(what)
  return sentence(`during ${caseInWords(made)}${strayInWords(made, { struck, met })}`)
}

const RECOVERY: StoryEvent = { kind: 'recovery', what: 'another process opens it', became: 'done' }

/** A case that failed behind an error as a story; null for one that did not fail. */
export function tellError(
  subject: DescribedSubject,
  told: ToldErrorCase,
  reduced: Reduction | null,
): Story | null {
  const { name, made, what, recovered, failures, events } = told
  if (failures.length === 0) return null
  const promised = promisedOf(told)
  const error = made === null ? what : `${made.operation.name} ${IO_ERRORS[made.error].inWords}`
  return tell({
    tier: 'io-error',
    case: name,
    subject,
    fault: promised.promised,
    promise: promiseUnder(subject.description, promised),
    asked: askedOf(told),
    faultInBrief: error,
    struck: struckInWords(told),
    disk: answerInWords(told),
    recovered,
    failures: failures as [Failure, ...Failure[]],
    events: [...events, RECOVERY],
    reduced,
    place: placeOfError(told),
  })
}
