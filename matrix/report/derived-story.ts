import type { Failure, FailureName } from '../../harness/oracle/failure.ts'
import type { Story } from '../../harness/story/story.ts'
import { TITLE_CHARS } from '../../harness/story/words.ts'
import { shown } from '../../harness/text/shown.ts'

/** What a record says of a case that did not pass, whatever its tier. */
export interface ToldCase {
  tier: Story['tier']
  case: string
  /** The fault in words. */
  what: string
  acked: number
  recovered: number | null
  failures: Failure[]
  notJudged: string | null
  replay: string
}

/** What must hold, by the name of what did not. */
const MUST_HOLD: Record<FailureName, string> = {
  'acked-lost': 'What was acknowledged must be there after the fault',
  hole: 'What comes back must have nothing missing between its changes',
  phantom: 'Nothing may come back that was never sent',
  altered: 'What comes back must be what was sent, byte for byte',
  refused: 'It must open after the fault',
  'not-idempotent': 'A second recovery must give the same as the first',
  'wrong-next': 'The next change must survive',
  'wrong-next-seq': 'The next append must get the next number and survive',
  destroyed: 'What is refused or was acknowledged before may not be altered',
  'false-success': 'Nothing may be acknowledged that the disk refused',
  silent: 'What is acknowledged after an error must be found again',
}

function returnedInWords(told: ToldCase): string {
  const { recovered, notJudged } = told
  if (notJudged !== null) return `It could not be judged: ${notJudged}`
  if (recovered !== null) return `${changes(recovered)} came back`
  return hasRefused(told) ? 'Nothing: it refused to open' : 'Not what was there after any change'
}

const hasRefused = ({ failures }: ToldCase): boolean =>
  failures.some(({ name }) => name === 'refused')

const changes = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`

function titleOf(told: ToldCase): string {
  const { acked, recovered, notJudged } = told
  if (notJudged !== null) return shown(`not judged: ${notJudged}`, TITLE_CHARS)
  const done = `${changes(acked)} acknowledged`
  if (recovered !== null) return `${done}, and ${recovered} came back`
  return hasRefused(told) ? `${done}, and it did not open` : `${done}, and other ones came back`
}

const causeOf = ({ tier, failures, notJudged }: ToldCase): string => {
  const names = [...new Set(failures.map(({ name }) => name))].sort()
  return `${tier}: ${notJudged === null ? names.join(', ') : 'not judged'}`
}

function tell(told: ToldCase, count: number): Story {
  const { tier, what, acked, failures, replay } = told
  const returned = returnedInWords(told)
  const [first] = failures
  return {
    tier,
    case: told.case,
    title: titleOf(told),
    asked: [{ change: changes(acked), outcome: 'acknowledged' }],
    struck: what,
    disk: [],
    returned,
    failures,
    breaks: first === undefined ? 'Nothing is known' : `${MUST_HOLD[first.name]}: ${first.detail}`,
    events: [
      { kind: 'acknowledged', what: changes(acked), became: 'done' },
      { kind: 'fault', what, became: 'done' },
      { kind: 'recovery', what: returned, became: 'failed' },
    ],
    reduced: null,
    cause: causeOf(told),
    count,
    replay,
  }
}

/**
 * The least that can be told of cases that did not pass, of records that hold no stories: one story for each name of
 * a failure, of its first case. What was asked and what the disk held is not known of them.
 */
function derivedStories(cases: readonly ToldCase[]): Story[] {
  const causes = cases.map(causeOf)
  return cases.flatMap((told, at) => {
    const cause = causes[at]
    if (causes.indexOf(cause as string) !== at) return []
    return [tell(told, causes.filter((each) => each === cause).length)]
  })
}

/**
 * The stories of a tier's cases that did not pass: those that were told when it ran, and of the cases that none of them
 * tells the least that can be derived. Where any was told, each failure is told or counted by one.
 */
export function storiesOfCases(cases: readonly ToldCase[], told: readonly Story[]): Story[] {
  const untold = told.length === 0 ? cases : cases.filter(({ notJudged }) => notJudged !== null)
  return [...told, ...derivedStories(untold)]
}
