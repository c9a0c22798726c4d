import { REQUEST } from '../crash-states/device-request.ts'
import { lostIn } from '../crash-states/losses.ts'
import { promisedAt, type Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import type { Failure } from '../oracle/failure.ts'
import { filesInWords, filesLeft } from '../story/files-in-words.ts'
import type { Reduction, Story, StoryEvent } from '../story/story.ts'
import { askedBefore, tell } from '../story/tell.ts'
import { alikePath, sentence } from '../story/words.ts'
import type { Change } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { historyAt } from './described-host.ts'
import type { Owners } from './owners/owners.ts'
import { inBriefOf, type Piece, piecesInWords } from './owners/piece.ts'
import type { FailingState } from './reduce-state.ts'

/** So many lost writes, and so many that were not sent yet, are told one by one. */
const MOST_LOST = 6
const MOST_UNSENT = 3
/** So many events before the cut are told. */
const MOST_EVENTS = 60

/** Whose a write is, in words. */
function whose(owners: Owners, request: number): string {
  const pieces = owners.of(request)
  return pieces.length === 0 ? `write ${request}` : piecesInWords(pieces)
}

/** What goes with some pieces, behind their words; nothing where nothing does. */
function carriedInWords(pieces: readonly Piece[]): string {
  const carried = pieces.flatMap(({ carries }) => carries)
  return carried.length === 0 ? '' : `, and with it ${piecesInWords(carried)},`
}

/** What became of a write, in a sentence that begins with whose it is. */
function told(what: string, pieces: readonly Piece[], became: string): string {
  const carried = carriedInWords(pieces)
  const stop = carried === '' && what.includes(', ') ? ',' : ''
  // The name of a file stays as it is.
  const begun = /^(the|a) /.test(what) ? `${what[0]?.toUpperCase()}${what.slice(1)}` : what
  return `${begun}${carried}${stop} ${became}.`
}

/** What of a state never reached the disk: a sentence for each write. */
function lostInWords({ tear, epoch, kept }: CrashState, owners: Owners): string[] {
  const lost = epoch.writes.filter((write) => !kept.includes(write))
  const left = lost.length - MOST_LOST
  const named = lost.slice(0, MOST_LOST).map((write) => {
    return told(whose(owners, write), owners.of(write), 'never arrived')
  })
  const more = left > 0 ? [`${left} more writes never arrived.`] : []
  if (tear === null) return [...named, ...more]
  const { request, fromBytes, toBytes } = tear
  const torn = `of ${whose(owners, request)} only the bytes ${fromBytes} to ${toBytes} of that write arrived`
  return [...named, ...more, sentence(torn)]
}

/** What of the subject's had not been sent to the disk at the cut. */
function unsentAt({ requests }: Recording, { epoch }: CrashState, owners: Owners): Piece[] {
  const later = requests.flatMap(({ kind }, at) => {
    const isLater = at >= epoch.endPosition && kind !== REQUEST.flush
    return isLater ? owners.of(at).filter(({ isSubjects }) => isSubjects) : []
  })
  const first = new Map(later.map((piece) => [piece.what, piece]))
  return [...first.values()].slice(0, MOST_UNSENT)
}

function unsentInWords(unsent: readonly Piece[]): string[] {
  return unsent.map((piece) => told(piece.what, [piece], 'had not been sent to the disk yet'))
}

/** What became of the writes that were in flight, as the end of a sentence. */
function inFlightInWords(writes: number, lost: number): string {
  if (writes === 0) return 'nothing was in flight'
  if (lost === 0) return 'nothing in flight was lost'
  if (writes === 1) return 'the write in flight was lost'
  return `of ${writes} writes in flight ${lost} ${lost === 1 ? 'was' : 'were'} lost`
}

/** When the power was cut, in a sentence. */
function struckInWords(
  recording: Recording,
  state: CrashState,
  changeOf: (json: string) => Change,
): string {
  const { endPosition, writes } = state.epoch
  const { sent, acked } = promisedAt(recording, endPosition)
  const last = sent.at(-1)
  const change = last === undefined ? null : `${changeOf(last).do} ${sent.length}`
  const when =
    change === null
      ? 'before any change was asked for'
      : acked === sent.length
        ? `behind the acknowledgement of ${change}`
        : `while ${change} was under way`
  return sentence(
    `the power failed ${when}, at write ${endPosition} of the recording; ${inFlightInWords(writes.length, lostIn(state).length)}`,
  )
}

/** What a state lost, or had not been sent yet, in a few words; failures of states alike in it are told once. */
function lossInBrief(state: CrashState, owners: Owners, unsent: readonly Piece[]): string | null {
  const loses = inBriefOf(lostIn(state).flatMap((write) => owners.of(write)))
  if (loses !== null) return `that loses ${loses}`
  const before = inBriefOf(unsent.slice(0, 1))
  return before === null ? null : `without ${before}`
}

function eventsOf(
  recording: Recording,
  state: CrashState,
  { owners, changeOf }: Required<Pick<Telling, 'owners' | 'changeOf'>>,
): StoryEvent[] {
  const { requests, startPosition, promises } = recording
  const { endPosition } = state.epoch
  const lost = new Set(lostIn(state))
  const nameOf = (at: number): string => `${changeOf(promises.sent[at] as string).do} ${at + 1}`
  const events: StoryEvent[] = []
  for (let position = startPosition; position <= endPosition; position++) {
    for (const [at, sentAt] of promises.sentAt.entries()) {
      if (sentAt === position) events.push({ kind: 'change', what: nameOf(at), became: 'done' })
      if (promises.ackedAt[at] === position) {
        events.push({ kind: 'acknowledged', what: nameOf(at), became: 'done' })
      }
    }
    const request = requests[position]
    if (request === undefined || position === endPosition) continue
    if (request.kind === REQUEST.flush)
      events.push({ kind: 'flush', what: 'a flush', became: 'done' })
    else {
      const torn = state.tear?.request === position
      const became = torn ? 'torn' : lost.has(position) ? 'lost' : 'done'
      events.push({ kind: 'write', what: whose(owners, position), became })
    }
  }
  return [
    ...events.slice(-MOST_EVENTS),
    { kind: 'fault', what: 'the power fails', became: 'done' },
    { kind: 'recovery', what: 'the file system and then the subject recover', became: 'done' },
  ]
}

const readChange = (json: string): Change => JSON.parse(json) as Change

export interface Telling {
  owners: Owners
  reduced: Reduction | null
  /** What is handed over while recording, as a change; that itself unless given. */
  changeOf?: (json: string) => Change
}

/** A state that failed as a story. */
export function tellState(
  subject: DescribedSubject,
  { case: name, recording, state, result, files }: FailingState,
  { owners, reduced, changeOf = readChange }: Telling,
): Story | null {
  const { failures, recovered } = result
  if (failures.length === 0) return null
  const lost = lostInWords(state, owners)
  const unsent = lost.length === 0 ? unsentAt(recording, state, owners) : []
  const loss = lossInBrief(state, owners, unsent)
  return tell({
    tier: 'power-cut',
    case: name,
    subject,
    fault: 'power-cut',
    asked: askedBefore(historyAt({ recording, state, inFull: false }, changeOf)),
    faultInBrief: loss === null ? 'a power cut' : `a power cut ${loss}`,
    struck: struckInWords(recording, state, changeOf),
    disk: [...lost, ...unsentInWords(unsent), filesInWords(filesLeft(files))],
    recovered,
    failures: failures as [Failure, ...Failure[]],
    events: eventsOf(recording, state, { owners, changeOf }),
    reduced,
    place: alikePath(loss ?? 'nothing lost'),
  })
}
