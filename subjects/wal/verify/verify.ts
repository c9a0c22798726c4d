import { statSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError } from '../../../harness/process/machine-error.ts'
import { entrySeq } from './entry-seq.ts'
import { Judgement } from './judgement.ts'
import { keptFilesIn } from './kept-files.ts'
import { MOST_OFFENCES, Offences } from './offences.ts'
import { isFileThere, NotAFile, withFile } from './open-file.ts'
import { type Offence, RULES, type Rule, type VerifyReport } from './report.ts'
import { readSafeSeqFile, type SafeSeqFile } from './safe-seq-file.ts'
import { walkFrames } from './walk.ts'

/** The largest log that is read: sixteen times what our log grows to. A sparse file can claim any size. */
const LARGEST_LOG_BYTES = 1024 ** 3

function readFrames(path: string, judgement: Judgement): number {
  const read = withFile(path, (file, walBytes) => {
    if (walBytes > LARGEST_LOG_BYTES) {
      throw new MachineError(
        'BROKEN',
        `${path} is ${walBytes} bytes long, and at most ${LARGEST_LOG_BYTES} (1 GiB) are read`,
        'A log grows to 64 MiB unless it is opened with another limit: see what made it so long.',
      )
    }
    walkFrames(file, walBytes, {
      frame: (start, end, bytes, jsonAt, jsonEnd) =>
        judgement.frame(start, end, entrySeq(bytes, jsonAt, jsonEnd)),
      emptyFrames: (start, count) => judgement.corrupt(start, start + 4 * count, count),
    })
    return walBytes
  })
  return read ?? 0
}

/** What the safe point offends against, given the frames; safe_seq's own offence comes alone. */
function safePointOffences(
  { value, sizeBytes }: SafeSeqFile,
  judgement: Judgement,
  walBytes: number,
): Offences {
  const offences = new Offences()
  if (sizeBytes === null) {
    offences.add('SAFESEQ_MISSING', 0, null, () => 'telemetry.safe_seq is missing')
  } else if (value === null) {
    const detail = `telemetry.safe_seq is ${sizeBytes} bytes long and must be 8`
    offences.add('SAFESEQ_WRONG_LENGTH', 0, null, () => detail)
  }
  if (value === null) return offences
  const { maxSeq, committedBytes } = judgement
  const at = (rule: Rule, detail: string): void =>
    offences.add(rule, committedBytes, value, () => detail)
  if (maxSeq !== null && value > maxSeq) {
    at('R3_SAFESEQ_LE_MAXSEQ', `safe_seq is ${value} and the last seq is ${maxSeq}`)
  }
  if (!judgement.found) at('R4_SAFESEQ_FRAME_EXISTS', `no frame has the seq of safe_seq, ${value}`)
  const beyondBytes = walBytes - committedBytes
  if (beyondBytes > 0) at('R5_NO_PHANTOMS', `${beyondBytes} bytes stand beyond the committed range`)
  return offences
}

const UNKNOWN_SAFE_POINT: readonly Rule[] = [
  'R3_SAFESEQ_LE_MAXSEQ',
  'R4_SAFESEQ_FRAME_EXISTS',
  'R5_NO_PHANTOMS',
]

/** The rules that hold, of which those in `broken` don't. */
function rulesWithout(broken: ReadonlySet<string>): Record<Rule, boolean> {
  return Object.fromEntries(RULES.map((rule) => [rule, !broken.has(rule)])) as Record<Rule, boolean>
}

/** Where something else stands than a file nothing is read, and so no rule is known to hold. */
function refusal(directory: string, { message }: NotAFile): VerifyReport {
  const offence: Offence = { rule: 'NOT_A_FILE', offsetBytes: 0, seq: null, detail: message }
  const nothing = report(directory, { sizeBytes: null, value: null }, new Judgement(null), 0)
  return {
    ...nothing,
    ...rulesWithout(new Set(RULES)),
    counts: { ...nothing.counts, offences: 1 },
    firstOffence: offence,
    offences: [offence],
  }
}

/**
 * Checks a log's directory as it stands, and changes nothing: R1–R5, and the JSON of the committed
 * range. A missing or wrong-length safe_seq fails R3, R4 and R5, since there is then no safe point; R1,
 * R2 and the JSON are judged over all frames. Where a link, a pipe or the like stands in the place of a
 * file, it is neither followed nor waited for, and every rule fails. It shares no code with the log that it
 * judges, and takes the memory of one frame. Throws a `MachineError` when the directory can't be read, or
 * the log is longer than 1 GiB.
 */
export function verifyLog(directory: string): VerifyReport {
  try {
    if (!statSync(directory).isDirectory()) {
      throw new Error(`NOT_A_DIRECTORY: ${directory} is not a directory`)
    }
    isFileThere(join(directory, 'telemetry.safe_seq.tmp'))
    const safeSeq = readSafeSeqFile(join(directory, 'telemetry.safe_seq'))
    const judgement = new Judgement(safeSeq.value)
    const walBytes = readFrames(join(directory, 'telemetry.wal'), judgement)
    return report(directory, safeSeq, judgement, walBytes)
  } catch (cause) {
    if (cause instanceof NotAFile) return refusal(directory, cause)
    if (cause instanceof MachineError) throw cause
    throw new MachineError(
      'MISSING',
      `${directory} cannot be verified: ${(cause as Error).message}`,
      'Name the directory of a log that can be read.',
      { cause },
    )
  }
}

/** In the order of their places; those of safe_seq have no rank among the rules and come first of all. */
function inOrder(offences: Offence[]): Offence[] {
  const rank = ({ rule }: Offence): number => (RULES as readonly string[]).indexOf(rule)
  return offences.sort((a, b) =>
    rank(a) < 0 ? -1 : rank(b) < 0 ? 1 : a.offsetBytes - b.offsetBytes || rank(a) - rank(b),
  )
}

const decimal = (seq: bigint | null): string | null => (seq === null ? null : String(seq))

function report(
  directory: string,
  safeSeq: SafeSeqFile,
  judgement: Judgement,
  walBytes: number,
): VerifyReport {
  const own = safePointOffences(safeSeq, judgement, walBytes)
  const { offences: ofFrames, beyond } = judgement
  const first = inOrder([...ofFrames.first, ...own.first]).slice(0, MOST_OFFENCES)
  const unknown = safeSeq.value === null ? UNKNOWN_SAFE_POINT : []
  const rules = rulesWithout(new Set([...ofFrames.broken, ...own.broken, ...unknown]))
  const kept = keptFilesIn(directory)
  return {
    schema: 'https://pullplug.dev/schemas/wal-verify/1.json',
    directory,
    safeSeq: decimal(safeSeq.value),
    safeSeqBytes: safeSeq.sizeBytes,
    counts: {
      frames: judgement.frames,
      committedFrames: judgement.committedFrames,
      corruptFrames: judgement.corruptFrames,
      phantomFrames: judgement.phantomFrames,
      walBytes,
      committedBytes: judgement.committedBytes,
      bytesBeyondSafePoint: walBytes - judgement.committedBytes,
      offences: ofFrames.count + own.count,
      keptFiles: kept.count,
    },
    maxSeq: decimal(judgement.maxSeq),
    beyondSafePoint: {
      entries: beyond.entries,
      firstSeq: decimal(beyond.firstSeq),
      lastSeq: decimal(beyond.lastSeq),
      inARow: beyond.inARow,
    },
    ...rules,
    pass: RULES.every((rule) => rules[rule]),
    firstOffence: first[0] ?? null,
    offences: first,
    keptFiles: kept.first,
  }
}
