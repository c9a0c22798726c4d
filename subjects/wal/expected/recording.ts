import { REQUEST } from '../../../harness/crash-states/device-request.ts'
import type { Recording } from '../../../harness/crash-states/recording.ts'
import { planPowerCut } from '../../../harness/plan/power-cut.ts'
import { encodeFrame } from '../../../wal/frame.ts'

/** What a round of a seed hands over to our log, in order, as JSON. */
export function plannedEntries(seed: number, round: number): string[] {
  const { sessions } = planPowerCut(seed, round)
  return sessions.flatMap(({ payloads }) => payloads).map((fields) => JSON.stringify(fields))
}

/** Our log flushes before each acknowledgement. */
function unflushedProblem({ requests, promises }: Recording): string | null {
  const { sentAt, ackedAt } = promises
  const positions = requests.flatMap(({ kind }, at) => (kind === REQUEST.flush ? [at] : []))
  const unflushed = sentAt.findIndex(
    (sent, i) => !positions.some((at) => at >= sent && at < (ackedAt[i] as number)),
  )
  return unflushed === -1 ? null : `has entry ${unflushed + 1} acknowledged without a flush`
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
function dataProblem({ promises, requests, data }: Recording): string | null {
  let offset = 0
  for (const [i, json] of promises.sent.entries()) {
    const frame = encodeFrame(BigInt(i + 1), JSON.parse(json))
    const dataEnd = requests[promises.ackedAt[i] as number]?.dataOffset ?? data.length
    const written = Buffer.from(data.buffer, data.byteOffset, dataEnd)
    if (!written.includes(sampleOf(frame, offset))) {
      return `has entry ${i + 1} acknowledged, and its bytes were not written by then`
    }
    offset += frame.length
  }
  return null
}

/** What of a recording is not what our log does, as the rest of a sentence about it; null of a control. */
export function logRecordingProblem(recording: Recording): string | null {
  if (recording.subject !== 'wal') return null
  return unflushedProblem(recording) ?? dataProblem(recording)
}
