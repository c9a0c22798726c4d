import type { Payload } from '../disk-subject/subject.ts'
import { type Stream, streamOf } from './stream.ts'

/** What the entries of an iteration are made from. */
export interface Workload {
  seed: number
  /** Which stream of the seed: one an iteration. */
  stream: number
  /** How many entries; 1 to 10 unless chosen otherwise. */
  entries: number
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz ABC 0123456789 "\\/{}[]:, \n\t äßñ ≤→ 漢字 😀'
const ALPHABET = [...LETTERS] as [string, ...string[]]

function text(stream: Stream, length: number): string {
  return Array.from({ length }, () => stream.oneOf(ALPHABET)).join('')
}

/** Most entries are small, some are longer than a block, so that a write can be torn in many ways. */
function payload(stream: Stream, entry: number): Payload {
  const length = stream.oneOf([0, 12, 40, 40, 100, 100, 300, 5000])
  return {
    entry,
    event: stream.oneOf(['boot', 'sensor.reading', 'operator.login', 'shutdown']),
    count: stream.between(-1_000_000, 1_000_000),
    flags: Array.from({ length: stream.between(0, 4) }, () => stream.between(0, 1) === 1),
    note: text(stream, stream.between(0, length)),
    origin: { unit: text(stream, 4), lastSeen: null },
  }
}

/** The payloads of a workload: a pure function, the same on every machine. */
export function payloadsOf(workload: Workload): Payload[] {
  // The plan's own choices come from the even streams, so that they and the content never mix.
  const stream = streamOf(workload.seed, workload.stream * 2 + 1)
  return Array.from({ length: workload.entries }, (_, i) => payload(stream, i + 1))
}
