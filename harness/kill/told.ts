import type { Failure } from '../oracle/failure.ts'
import { changesOf } from '../plan/changes.ts'
import { filesInWords } from '../story/files-in-words.ts'
import type { Reduction, Story, StoryEvent } from '../story/story.ts'
import { askedBefore, tell } from '../story/tell.ts'
import { alikePath, bytesInWords, sentence } from '../story/words.ts'
import type { SentChange } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import type { MomentResult } from './moment-iteration.ts'
import type { NamedResult } from './operations/campaign.ts'
import { strayInWords } from './operations/kill-at-operation.ts'
import type { OperationPoint } from './operations/points.ts'

/** What a kill left of the operation at which it struck. */
function operationLeft({ moment, operation, writtenBytes }: OperationPoint): string {
  if (moment === 'before') return `\`${operation}\` was not done.`
  return moment === 'after'
    ? `\`${operation}\` was done.`
    : `Of \`${operation}\` only the first ${bytesInWords(writtenBytes ?? 0)} were written.`
}

/** The point at which a kill struck, in a sentence. */
function struckInWords(result: NamedResult): string {
  const { moment, number, during, operation } = result.point
  const where = moment === 'within' ? 'in the middle of' : moment
  return sentence(
    `killed by SIGKILL during ${during}, ${where} \`${operation}\` (operation ${number})${strayInWords(result.counted, result)}`,
  )
}

/** What failures that were killed at such a place share. */
function placeOfKill({ point }: NamedResult): string {
  return `${point.moment} ${alikePath(point.operation)}`
}

/** What failures of kills at operations that are alike share. */
export function causeOfKill(result: NamedResult): string {
  return `${result.failures[0]?.name} ${placeOfKill(result)}`
}

const FAULT_EVENT: StoryEvent = { kind: 'fault', what: 'SIGKILL', became: 'done' }
const RECOVERY_EVENT: StoryEvent = {
  kind: 'recovery',
  what: 'another process opens it',
  became: 'done',
}

/** A kill at an operation as a story. */
export function tellKill(
  subject: DescribedSubject,
  result: NamedResult,
  reduced: Reduction | null,
): Story | null {
  const { failures, scene, point } = result
  if (failures.length === 0 || scene === null) return null
  return tell({
    tier: 'kill',
    case: result.name,
    subject,
    fault: 'kill',
    asked: askedBefore(scene.history),
    faultInBrief: `a kill ${point.moment} ${point.operation}`,
    struck: struckInWords(result),
    disk: [operationLeft(point), filesInWords(scene.files)],
    recovered: result.recovered,
    failures: failures as [Failure, ...Failure[]],
    events: [...scene.events, FAULT_EVENT, RECOVERY_EVENT],
    reduced,
    place: placeOfKill(result),
  })
}

/** A kill at a moment as a story: of it no operation was seen. */
export function tellMoment(
  subject: DescribedSubject,
  seed: number,
  result: MomentResult,
): Story | null {
  const { iteration, changes, moment, sent, acked, recovered, failures } = result
  if (failures.length === 0) return null
  const { kind } = subject.description
  const planned = changesOf({ kind, seed, round: iteration, changes }).slice(0, sent)
  const history = planned.map((change, at): SentChange => {
    return { change, outcome: at < acked ? 'acked' : 'unknown' }
  })
  const when = `${moment.delayMicros} µs after change ${moment.afterAcks + 1} was sent`
  const events = planned.flatMap(({ do: what }, at): StoryEvent[] => {
    const change = { what: `${what} ${at + 1}`, became: 'done' } as const
    return [
      { kind: 'change', ...change },
      ...(at < acked ? [{ kind: 'acknowledged' as const, ...change }] : []),
    ]
  })
  return tell({
    tier: 'kill',
    case: String(iteration),
    subject,
    fault: 'kill',
    asked: askedBefore(history),
    faultInBrief: 'a kill',
    struck: sentence(`killed by SIGKILL ${when}`),
    disk: [],
    recovered,
    failures: failures as [Failure, ...Failure[]],
    events: [...events, FAULT_EVENT, RECOVERY_EVENT],
    reduced: null,
    place: 'at a moment',
  })
}
