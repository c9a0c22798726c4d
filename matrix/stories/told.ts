import type { Failure } from '../../harness/oracle/failure.ts'
import type { Story, StoryEvent } from '../../harness/story/story.ts'
import {
  alikePath,
  FAULT_IN_BRIEF,
  promiseInWords,
  returnedInWords,
  sentence,
  titleOf,
} from '../../harness/story/words.ts'
import type { Description } from '../../harness/subject/description.ts'
import { type PromisedFault, promiseFor } from '../../harness/subject/promise.ts'
import { describedLog } from '../../subjects/wal/described.ts'
import { recordedFaultsInWords } from '../evidence/faults-in-words.ts'
import {
  COMMAND_CHARS,
  MAX_STORIES,
  MAX_TOLD_CHANGES,
  MAX_TOLD_EVENTS,
} from '../evidence/limits.ts'
import { recordedDetail, recordedFailures, recordedReason } from '../evidence/recorded.ts'
import type { StoriesRecord } from '../evidence/stories-types.ts'
import { failuresOn, type RecordedFailure, type Records } from './failures.ts'

/** What is asked for one change of a kind of subject. */
const ASKED: Readonly<Record<Description['kind'], string>> = {
  log: 'append',
  store: 'change',
  file: 'replace',
}

/** What of a fault's words failures of one cause share: neither numbers nor the place in the history. */
const placeOf = (what: string): string =>
  alikePath(what.replace(/^.*?: /, '')).replace(/ \(operation #\)/, '')

/** What can be told of a failure by its record alone. */
function tellRecord(failure: RecordedFailure, description: Description): Story {
  const { tier, what, acked, recovered, failures, replay } = failure
  const sent = failure.sent ?? Math.max(acked, recovered ?? 0)
  const [first] = failures
  const fault: PromisedFault = tier
  const name = (at: number): string => `${ASKED[description.kind]} ${at + 1}`
  const asked = Array.from({ length: sent }, (_, at) => ({
    change: name(at),
    outcome: at < acked ? ('acknowledged' as const) : ('in flight' as const),
  }))
  const events = asked.flatMap(({ change, outcome }): StoryEvent[] => [
    { kind: 'change', what: change, became: 'done' },
    ...(outcome === 'acknowledged'
      ? [{ kind: 'acknowledged', what: change, became: 'done' } as const]
      : []),
  ])
  return {
    tier,
    case: failure.case,
    title: titleOf(first.name, FAULT_IN_BRIEF[tier]),
    asked,
    struck: sentence(what),
    disk: [],
    returned: returnedInWords(first, recovered, sent),
    failures: [...failures],
    breaks: promiseInWords(promiseFor(description.promises, fault), fault, description),
    events: [
      ...events,
      { kind: 'fault', what, became: 'done' },
      { kind: 'recovery', what: 'another process opens it', became: 'done' },
    ],
    reduced: null,
    cause: `${tier}, ${first.name}, ${placeOf(what)}`,
    count: 1,
    replay,
  }
}

/** A story as evidence has it: cut to what is read again. */
function recordedStory(story: Story): Story {
  const { asked, events, disk, failures, replay } = story
  return {
    ...story,
    title: recordedDetail(story.title),
    asked: asked
      .slice(-MAX_TOLD_CHANGES)
      .map(({ change, outcome }) => ({ change: recordedDetail(change), outcome })),
    struck: recordedReason(story.struck),
    disk: disk.slice(0, MAX_LINES).map((line) => recordedReason(line)),
    returned: recordedReason(story.returned),
    failures: recordedFailures(failures) as [Failure, ...Failure[]],
    breaks: recordedReason(story.breaks),
    events: events
      .slice(-MAX_TOLD_EVENTS)
      .map((event) => ({ ...event, what: recordedDetail(event.what) })),
    cause: recordedDetail(story.cause),
    replay: replay.slice(0, COMMAND_CHARS),
  }
}

const MAX_LINES = 32

/** Stories with one cause as one, which counts them all; the first stands for them. */
export function foldedByCause(stories: readonly Story[]): Story[] {
  const byCause = new Map<string, Story>()
  for (const story of stories) {
    const known = byCause.get(story.cause)
    byCause.set(
      story.cause,
      known === undefined ? story : { ...known, count: known.count + story.count },
    )
  }
  return [...byCause.values()].slice(0, MAX_STORIES)
}

/** Stories as their file has them; null where there are none. */
export function storiesRecord(stories: readonly Story[]): StoriesRecord | null {
  if (stories.length === 0) return null
  return {
    schema: 'https://pullplug.dev/schemas/stories/1.json',
    stories: foldedByCause(stories.map(recordedStory)),
  }
}

/**
 * The failures of a run as stories, one for each cause: those that the steps told of them, by the case for which each
 * stands, and of the others what the records alone say. Null where nothing failed that has a story.
 */
export function storiesOf(
  records: Records,
  description: Description | null,
  told: ReadonlyMap<string, Story> = new Map(),
): StoriesRecord | null {
  const subject = description ?? describedLog('wal').description
  const stories = failuresOn(records, recordedFaultsInWords).map(
    (failure) => told.get(`${failure.tier} ${failure.case}`) ?? tellRecord(failure, subject),
  )
  return storiesRecord(stories)
}
