import type { Failure } from '../oracle/failure.ts'
import type { SubjectPromise } from '../oracle/promises/index.ts'
import type { SentChange } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { type PromisedFault, promiseFor } from '../subject/promise.ts'
import type { ChangeOutcome, Reduction, Story, StoryEvent } from './story.ts'
import { changeInWords, promiseInWords, returnedInWords, titleOf } from './words.ts'

/** What a tier knows of a case that failed. */
export interface ToldCase {
  tier: Story['tier']
  case: string
  subject: Pick<DescribedSubject, 'description'>
  fault: PromisedFault
  /** What is held against the fault, where that is not what the subject promises for it. */
  promise?: SubjectPromise
  /** What was asked, and what became of it. */
  asked: readonly (SentChange & { became: ChangeOutcome })[]
  /** The fault in a few words, as they stand behind `after`. */
  faultInBrief: string
  struck: string
  disk: readonly string[]
  recovered: number | null
  failures: readonly [Failure, ...Failure[]]
  events: readonly StoryEvent[]
  reduced: Reduction | null
  /** What of the fault failures of one cause share, such as the operation and its file. */
  place: string
}

/** The changes of a history of which the first ones were acknowledged and the others not answered. */
export function askedBefore(history: readonly SentChange[]): ToldCase['asked'] {
  return history.map((each) => ({
    ...each,
    became: each.outcome === 'acked' ? 'acknowledged' : 'in flight',
  }))
}

/** The story of a case; the line that shows it again is filled in by whoever knows it. */
export function tell(told: ToldCase): Story {
  const { tier, subject, fault, asked, failures, recovered, place } = told
  const { description } = subject
  const [failure] = failures
  const promise = told.promise ?? promiseFor(description.promises, fault)
  return {
    tier,
    case: told.case,
    title: titleOf(failure.name, told.faultInBrief),
    asked: asked.map(({ change, became }, index) => ({
      change: changeInWords(change, index + 1),
      outcome: became,
    })),
    struck: told.struck,
    disk: [...told.disk],
    returned: returnedInWords(failure, recovered, asked.length),
    failures: [...failures],
    breaks: promiseInWords(promise, fault, description),
    events: [...told.events],
    reduced: told.reduced,
    cause: `${tier}, ${failure.name}, ${place}`,
    count: 1,
    replay: '',
  }
}
