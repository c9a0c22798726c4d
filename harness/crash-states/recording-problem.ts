import { mountOptionsOf } from '../volume/file-systems/index.ts'
import { REQUEST } from './device-request.ts'
import { isOfFileSystem } from './made-at.ts'
import { epochsOf, type Recording } from './recording.ts'
import type { OrderedRecording } from './recording-file.ts'

/** What the header of a recording must say. */
interface ExpectedHeader
  extends Pick<Recording, 'subject' | 'fileSystem' | 'variant' | 'round'>,
    Pick<OrderedRecording, 'seed' | 'tearBytes'> {}

/** What a recording must be of. */
export interface ExpectedRecording extends ExpectedHeader {
  /** The size of its disk. */
  sizeBytes: number
  /** What its seed and round mean to be handed over, in order, as JSON. */
  planned: readonly string[]
}

const WORDS: Record<keyof ExpectedHeader, string> = {
  subject: 'the subject',
  fileSystem: 'the file system',
  variant: 'the kind of ext4',
  round: 'round',
  seed: 'the seed',
  tearBytes: 'writes torn at',
}

function headerProblem(
  { recording, seed, tearBytes }: OrderedRecording,
  expected: ExpectedRecording,
) {
  const { subject, fileSystem, variant, round } = recording
  const said = { subject, fileSystem, variant, round, seed, tearBytes }
  const odd = (Object.keys(said) as (keyof ExpectedHeader)[]).find(
    (each) => said[each] !== expected[each],
  )
  if (odd !== undefined) {
    return `is of ${WORDS[odd]} ${said[odd] ?? 'none'}, and its run of ${expected[odd] ?? 'none'}`
  }
  const options = mountOptionsOf(fileSystem, variant).join()
  if (recording.mountOptions.join() !== options) {
    return `was mounted with "${recording.mountOptions.join()}", and must be with "${options}"`
  }
  return null
}

function templateProblem(
  { fileSystem, template }: Recording,
  { sizeBytes }: ExpectedRecording,
): string | null {
  if (template.length !== sizeBytes) {
    return `begins with a disk of ${template.length} bytes, and ${fileSystem} has ${sizeBytes}`
  }
  return isOfFileSystem({ fileSystem, image: template })
    ? null
    : `begins with a disk that holds no ${fileSystem}`
}

/** What was handed over and acknowledged must be the plan's, one entry after the other. */
function promisesProblem(
  { promises, markedAt, requests, startPosition }: Recording,
  { planned }: ExpectedRecording,
) {
  const { sent, sentAt, ackedAt } = promises
  if (JSON.stringify(sent) !== JSON.stringify(planned)) {
    return 'holds other entries than its seed and round mean'
  }
  if ([sentAt, ackedAt, markedAt].some(({ length }) => length !== sent.length)) {
    return 'does not say of each entry when it was sent, acknowledged and marked'
  }
  const order = sent.flatMap((_, i) => [sentAt[i], ackedAt[i], markedAt[i]] as number[])
  const inOrder = [startPosition, ...order, requests.length].every(
    (position, i, all) => position >= (i === 0 ? 0 : (all[i - 1] as number)),
  )
  return inOrder ? null : 'has positions that are not in order'
}

function flushesProblem({ flushes, requests }: Recording): string | null {
  const { recorded, counted } = flushes
  if (recorded !== counted) return `counts ${recorded} flushes, and the kernel ${counted}`
  const positions = requests.flatMap(({ kind }, at) => (kind === REQUEST.flush ? [at] : []))
  return positions.length > recorded
    ? `counts ${recorded} flushes and holds ${positions.length}`
    : null
}

/** A recording has few writes in flight at a time: the sum of their squares is about a thousand. */
const MOST_IN_FLIGHT = 500_000
/** A disk is emptied once or twice at most. */
const MOST_EMPTIED = 16

/** Whether drawing its states would take more memory or time than those of any recording of ours. */
function sizeProblem(recording: Recording): string | null {
  const { requests, template } = recording
  const squares = epochsOf(recording).reduce((sum, { writes }) => sum + writes.length ** 2, 0)
  if (squares > MOST_IN_FLIGHT) return 'has more writes in flight than any recording'
  const emptied = requests.reduce(
    (sum, { kind, sizeBytes }) => sum + (kind === REQUEST.zero ? sizeBytes : 0),
    0,
  )
  return emptied > MOST_EMPTIED * template.length ? 'empties its disk again and again' : null
}

/** What is wrong with a recording, as the rest of a sentence about it; null when it is what it must be. */
export function recordingProblem(
  ordered: OrderedRecording,
  expected: ExpectedRecording,
): string | null {
  const { recording } = ordered
  return (
    headerProblem(ordered, expected) ??
    templateProblem(recording, expected) ??
    promisesProblem(recording, expected) ??
    flushesProblem(recording) ??
    sizeProblem(recording)
  )
}
