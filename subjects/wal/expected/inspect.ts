import { join } from 'node:path'
import type { Inspection } from '../../../harness/oracle/judge.ts'
import { judgeSafePoint } from '../inspect.ts'
import { entrySeq } from '../verify/entry-seq.ts'
import { Judgement } from '../verify/judgement.ts'
import { DIRECTORY, type Files } from './in-memory.ts'

const LENGTH_BYTES = 4
const SAFE_SEQ_BYTES = 8

/** What the verifier reads of a log's files in memory: the same as `inspectWal` of a directory. */
export function inspectInMemory(files: Files): Inspection {
  const log = Buffer.from(files.get(join(DIRECTORY, 'telemetry.wal')) ?? [])
  const safeSeq = Buffer.from(files.get(join(DIRECTORY, 'telemetry.safe_seq')) ?? [])
  const value = safeSeq.length === SAFE_SEQ_BYTES ? safeSeq.readBigUInt64LE() : null
  const judgement = new Judgement(value)
  for (let start = 0; start + LENGTH_BYTES <= log.length; ) {
    const end = start + LENGTH_BYTES + log.readUInt32BE(start)
    if (end > log.length) break
    judgement.frame(start, end, entrySeq(log.subarray(start + LENGTH_BYTES, end)))
    start = end
  }
  const safePoint = {
    safeSeq: value === null ? null : String(value),
    bytesBeyond: log.length - judgement.committedBytes,
  }
  return (recovered) => judgeSafePoint(safePoint, recovered)
}
