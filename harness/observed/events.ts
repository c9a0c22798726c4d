import type { Operation } from '../passthrough/operation.ts'
import type { StoryEvent } from '../story/story.ts'
import { operationInWords } from './counted-operation.ts'

/** What a subject had answered when so many operations had been seen. */
export interface AnsweredAt {
  /** What it was asked, such as `put 3`. */
  during: string
  until: number
  /** Whether the answer was a refusal; not unless given. */
  wasRefused?: boolean
}

/** Of what it did for one question, so many operations are told. */
const MAX_TOLD = 12

/** Whether a question is a change, such as `put 3`, and no opening, reading or closing. */
const isChange = (during: string): boolean => during.includes(' ')

function operationEvent({ struck, done, ...operation }: Operation): StoryEvent {
  const became = struck ? (done ? 'torn' : 'failed') : 'done'
  return { kind: 'operation', what: operationInWords(operation), became }
}

function operationEvents(operations: readonly Operation[]): StoryEvent[] {
  const left = operations.length - MAX_TOLD
  if (left <= 1) return operations.map(operationEvent)
  const more = { kind: 'operation', what: `${left} more operations`, became: 'done' } as const
  return [more, ...operations.slice(-MAX_TOLD).map(operationEvent)]
}

/**
 * What happened, in the order of time: what was asked, the operations that it took, and the answers, up to `during`,
 * which was not answered; null where all was.
 */
export function eventsOf(
  answers: readonly AnsweredAt[],
  operations: readonly Operation[],
  during: string | null,
): StoryEvent[] {
  const steps = answers.map(({ wasRefused = false, ...each }) => ({
    ...each,
    wasRefused,
    isAnswered: !wasRefused,
  }))
  const last = operations.at(-1)?.n ?? 0
  if (during !== null) steps.push({ during, until: last, wasRefused: false, isAnswered: false })
  let from = 0
  return steps.flatMap(({ during: what, until, isAnswered, wasRefused }): StoryEvent[] => {
    const own = operations.filter(({ n }) => n > from && n <= until)
    from = until
    const asked: StoryEvent[] = isChange(what)
      ? [{ kind: 'change', what, became: wasRefused ? 'failed' : 'done' }]
      : []
    const answered: StoryEvent[] =
      isChange(what) && isAnswered ? [{ kind: 'acknowledged', what, became: 'done' }] : []
    return [...asked, ...operationEvents(own), ...answered]
  })
}
