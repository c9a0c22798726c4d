import { RECORD } from '../../../harness/crash-states/device-record.ts'
import { isOfFileSystem } from '../../../harness/crash-states/made-at.ts'
import { epochsOf, type Recording } from '../../../harness/crash-states/recording.ts'
import type { OrderedRecording } from '../../../harness/crash-states/recording-file.ts'
import type { PowerCutPlan } from '../../../harness/plan/power-cut.ts'
import { planPowerCut } from '../../../harness/plan/power-cut.ts'
import { FILE_SYSTEMS, mountOptionsOf } from '../../../harness/volume/file-systems/index.ts'
import { encodeFrame } from '../../../wal/frame.ts'

/** What a recording must be of. */
export interface ExpectedRecording
  extends Pick<Recording, 'subject' | 'fileSystem' | 'variant' | 'round'>,
    Pick<OrderedRecording, 'seed' | 'tearBytes'> {}

/** The payloads of a plan, in the order in which they are handed over. */
function payloadsOfPlan({ sessions }: PowerCutPlan) {
  return sessions.flatMap(({ payloads }) => payloads)
}

const WORDS: Record<keyof ExpectedRecording, string> = {
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
  const odd = (Object.keys(said) as (keyof ExpectedRecording)[]).find(
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

function templateProblem({ fileSystem, template }: Recording): string | null {
  const { sizeBytes } = FILE_SYSTEMS[fileSystem].powerCut
  if (template.length !== sizeBytes) {
    return `begins with a disk of ${template.length} bytes, and ${fileSystem} has ${sizeBytes}`
  }
  return isOfFileSystem({ fileSystem, image: template })
    ? null
    : `begins with a disk that holds no ${fileSystem}`
}

/** What was handed over and acknowledged must be the plan's, one entry after the other. */
function promisesProblem(
  { promises, markedAt, records, startPosition }: Recording,
  seed: number,
  round: number,
) {
  const { sent, sentAt, ackedAt } = promises
  const planned = payloadsOfPlan(planPowerCut(seed, round)).map((fields) => JSON.stringify(fields))
  if (JSON.stringify(sent) !== JSON.stringify(planned)) {
    return 'holds other entries than its seed and round mean'
  }
  if ([sentAt, ackedAt, markedAt].some(({ length }) => length !== sent.length)) {
    return 'does not say of each entry when it was sent, acknowledged and marked'
  }
  const order = sent.flatMap((_, i) => [sentAt[i], ackedAt[i], markedAt[i]] as number[])
  const inOrder = [startPosition, ...order, records.length].every(
    (position, i, all) => position >= (i === 0 ? 0 : (all[i - 1] as number)),
  )
  return inOrder ? null : 'has positions that are not in order'
}

function flushesProblem({ flushes, records, subject, promises }: Recording): string | null {
  const { recorded, counted } = flushes
  if (recorded !== counted) return `counts ${recorded} flushes, and the kernel ${counted}`
  const positions = records.flatMap(({ kind }, at) => (kind === RECORD.flush ? [at] : []))
  if (positions.length > recorded) {
    return `counts ${recorded} flushes and holds ${positions.length}`
  }
  if (subject !== 'wal') return null
  const { sentAt, ackedAt } = promises
  const unflushed = sentAt.findIndex(
    (sent, i) => !positions.some((at) => at >= sent && at < (ackedAt[i] as number)),
  )
  return unflushed === -1 ? null : `has entry ${unflushed + 1} acknowledged without a flush`
}

/** A recording has a few writes in flight at a time: the sum of their squares is below a thousand. */
const MOST_IN_FLIGHT = 500_000
/** A disk is emptied once or twice at most. */
const MOST_EMPTIED = 16

/** Whether drawing its states would take more memory or time than those of any recording of ours. */
function sizeProblem(recording: Recording): string | null {
  const { records, template } = recording
  const squares = epochsOf(recording).reduce((sum, { writes }) => sum + writes.length ** 2, 0)
  if (squares > MOST_IN_FLIGHT) return 'has more writes in flight than any recording'
  const emptied = records.reduce(
    (sum, { kind, sizeBytes }) => sum + (kind === RECORD.zero ? sizeBytes : 0),
    0,
  )
  return emptied > MOST_EMPTIED * template.length ? 'empties its disk again and again' : null
}

const BLOCK_BYTES = 4096
const SAMPLE_BYTES = 64

/** A piece of a frame that stands within one block of its file, wherever the file system puts that. */
function sampleOf(frame: Buffer, fileOffset: number): Buffer {
  const toBlockEnd = BLOCK_BYTES - (fileOffset % BLOCK_BYTES)
  const piece =
    toBlockEnd >= frame.length - toBlockEnd
      ? frame.subarray(0, toBlockEnd)
      : frame.subarray(toBlockEnd, toBlockEnd + BLOCK_BYTES)
  return piece.subarray(0, SAMPLE_BYTES)
}

/** The log's bytes must have gone to the disk before they were acknowledged. */
function dataProblem({ subject, promises, records, data }: Recording): string | null {
  if (subject !== 'wal') return null
  let offset = 0
  for (const [i, json] of promises.sent.entries()) {
    const frame = encodeFrame(BigInt(i + 1), JSON.parse(json))
    const dataEnd = records[promises.ackedAt[i] as number]?.dataOffset ?? data.length
    const written = Buffer.from(data.buffer, data.byteOffset, dataEnd)
    if (!written.includes(sampleOf(frame, offset))) {
      return `has entry ${i + 1} acknowledged, and its bytes were not written by then`
    }
    offset += frame.length
  }
  return null
}

/** What is wrong with a recording, as the rest of a sentence about it; null when it is what it must be. */
export function recordingProblem(
  ordered: OrderedRecording,
  expected: ExpectedRecording,
): string | null {
  const { recording, seed } = ordered
  return (
    headerProblem(ordered, expected) ??
    templateProblem(recording) ??
    promisesProblem(recording, seed, recording.round) ??
    flushesProblem(recording) ??
    sizeProblem(recording) ??
    dataProblem(recording)
  )
}
