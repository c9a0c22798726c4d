import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError } from '../process/machine-error.ts'
import { entrySeq } from './entry-seq.ts'
import { Judgement } from './judgement.ts'
import { type Offence, RULES, type Rule, type VerifyReport } from './report.ts'
import { readSafeSeqFile, type SafeSeqFile } from './safe-seq-file.ts'
import { walkFrames } from './walk.ts'

function readFrames(path: string, judgement: Judgement): number {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return 0
  const file = openSync(path, 'r')
  try {
    const walBytes = fstatSync(file).size
    walkFrames(file, walBytes, (start, end, json) => judgement.frame(start, end, entrySeq(json)))
    return walBytes
  } finally {
    closeSync(file)
  }
}

function safePointOffences(
  safeSeq: SafeSeqFile,
  judgement: Judgement,
  walBytes: number,
): Offence[] {
  const { value, sizeBytes } = safeSeq
  if (value === null) {
    const missing = sizeBytes === null
    const detail = missing
      ? 'telemetry.safe_seq is missing'
      : `telemetry.safe_seq is ${sizeBytes} bytes long and must be 8`
    return [
      {
        rule: missing ? 'SAFESEQ_MISSING' : 'SAFESEQ_WRONG_LENGTH',
        offsetBytes: 0,
        seq: null,
        detail,
      },
    ]
  }
  const offences: Offence[] = []
  const at = (rule: Rule, detail: string): void => {
    offences.push({ rule, offsetBytes: judgement.committedBytes, seq: String(value), detail })
  }
  if (judgement.maxSeq !== null && value > judgement.maxSeq) {
    at('R3_SAFESEQ_LE_MAXSEQ', `safe_seq is ${value} and the last seq is ${judgement.maxSeq}`)
  }
  if (!judgement.found) at('R4_SAFESEQ_FRAME_EXISTS', `no frame has the seq of safe_seq, ${value}`)
  const beyondBytes = walBytes - judgement.committedBytes
  if (beyondBytes > 0) at('R5_NO_PHANTOMS', `${beyondBytes} bytes stand beyond the committed range`)
  return offences
}

const UNKNOWN_SAFE_POINT: readonly Rule[] = [
  'R3_SAFESEQ_LE_MAXSEQ',
  'R4_SAFESEQ_FRAME_EXISTS',
  'R5_NO_PHANTOMS',
]

/**
 * Checks a log's directory as it stands, and changes nothing: R1–R5, and the JSON of the committed
 * range. A missing or wrong-length safe_seq fails R3, R4 and R5, since there is then no safe point; R1,
 * R2 and the JSON are judged over all frames. It shares no code with the log that it judges. Throws
 * a `MachineError` when the directory can't be read.
 */
export function verifyLog(directory: string): VerifyReport {
  try {
    if (!statSync(directory).isDirectory()) throw new Error(`${directory} is not a directory`)
    const safeSeq = readSafeSeqFile(join(directory, 'telemetry.safe_seq'))
    const judgement = new Judgement(safeSeq.value)
    const walBytes = readFrames(join(directory, 'telemetry.wal'), judgement)
    return report(directory, safeSeq, judgement, walBytes)
  } catch (cause) {
    throw new MachineError(
      'MISSING',
      `${directory} cannot be verified: ${(cause as Error).message}`,
      'Name the directory of a log that can be read.',
      { cause },
    )
  }
}

function report(
  directory: string,
  safeSeq: SafeSeqFile,
  judgement: Judgement,
  walBytes: number,
): VerifyReport {
  const ownOffences = safePointOffences(safeSeq, judgement, walBytes)
  const offences = [...judgement.offences, ...ownOffences]
  const rank = ({ rule }: Offence): number => (RULES as readonly string[]).indexOf(rule)
  // safe_seq's own offence has no rank among the rules and comes first of all.
  offences.sort((a, b) =>
    rank(a) < 0 ? -1 : rank(b) < 0 ? 1 : a.offsetBytes - b.offsetBytes || rank(a) - rank(b),
  )
  const broken = new Set<string>(offences.map(({ rule }) => rule))
  if (safeSeq.value === null) for (const rule of UNKNOWN_SAFE_POINT) broken.add(rule)
  const rules = Object.fromEntries(RULES.map((rule) => [rule, !broken.has(rule)]))
  return {
    schema: 'https://pullplug.dev/schemas/wal-verify/1.json',
    directory,
    safeSeq: safeSeq.value === null ? null : String(safeSeq.value),
    safeSeqBytes: safeSeq.sizeBytes,
    counts: {
      frames: judgement.frames,
      committedFrames: judgement.committedFrames,
      corruptFrames: judgement.corruptFrames,
      phantomFrames: judgement.phantomFrames,
      walBytes,
      committedBytes: judgement.committedBytes,
      bytesBeyondSafePoint: walBytes - judgement.committedBytes,
    },
    maxSeq: judgement.maxSeq === null ? null : String(judgement.maxSeq),
    ...(rules as Record<Rule, boolean>),
    pass: broken.size === 0,
    firstOffence: offences[0] ?? null,
  }
}
