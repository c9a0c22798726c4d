import type { FileKind } from './disk.ts'

/** A rule of the log that what is on disk breaks; open or read throws it and changes nothing. */
export type ViolationCode =
  | 'FIRST_SEQ_NOT_ONE'
  | 'SEQ_GAP'
  | 'SAFESEQ_GT_MAXSEQ'
  | 'SAFESEQ_NOT_FOUND'
  | 'WAL_CORRUPT_INVALID_JSON'
  | 'SAFESEQ_WRONG_LENGTH'
  | 'STEADY_WITHOUT_SAFESEQ'
  | 'NOT_A_FILE'
  | 'NOT_A_DIRECTORY'

/** What a caller asked for and can't have, or what the disk could not do. */
export type RefusalCode =
  | 'FIELDS_INVALID'
  | 'FRAME_TOO_LARGE'
  | 'LOG_FULL'
  | 'SEQ_EXHAUSTED'
  | 'DISK_FAILED'
  | 'CHANGED_BEHIND'
  | 'REOPEN_NEEDED'
  | 'APPEND_IN_APPEND'
  | 'CLOSED'

export type WalErrorCode = ViolationCode | RefusalCode

const REMEDIES: Record<WalErrorCode, string> = {
  FIRST_SEQ_NOT_ONE:
    'The start of the log is missing. Keep the directory and restore it from a copy.',
  SEQ_GAP:
    'Committed entries are missing. Keep the directory and restore it from a copy; what is readable before the gap can be copied into a new log.',
  SAFESEQ_GT_MAXSEQ:
    'The log is shorter than what was acknowledged: its end was lost. Keep the directory and restore it from a copy.',
  SAFESEQ_NOT_FOUND:
    'The entry that safe_seq names is not in the log. Keep the directory and restore the log and safe_seq together from a copy.',
  WAL_CORRUPT_INVALID_JSON:
    'A committed entry was altered on disk. Keep the directory, check the device, and restore it from a copy.',
  SAFESEQ_WRONG_LENGTH:
    'telemetry.safe_seq must hold 8 bytes. Keep the directory and restore the file from a copy; do not remove it.',
  STEADY_WITHOUT_SAFESEQ:
    'If the log was written before safe_seq existed, start once with AUTONOMYOPS_WAL_LEGACY_UPGRADE=1; if the log is empty and is to begin at 1, start once with AUTONOMYOPS_WAL_OPERATOR_RESET=1; otherwise restore telemetry.safe_seq from a copy.',
  NOT_A_FILE:
    'The log opens files of its own directory and nothing else: move away what stands there, and restore the file from a copy.',
  NOT_A_DIRECTORY: 'Name the directory that holds, or is to hold, the log.',
  FIELDS_INVALID: 'Give a plain object that JSON can hold, without a seq of its own.',
  FRAME_TOO_LARGE: 'Split the entry, or store its bulk elsewhere and log a reference.',
  LOG_FULL: 'Start a new log in another directory; this one can still be read.',
  SEQ_EXHAUSTED: 'Start a new log in another directory.',
  DISK_FAILED: 'Find out why the disk failed (see the cause), then open the log again.',
  CHANGED_BEHIND:
    'See that no other process has the log open, then close it and open it again: nothing was overwritten.',
  REOPEN_NEEDED: 'Close the log and open it again: recovery finds out what is on disk.',
  APPEND_IN_APPEND:
    'Append from neither an observer nor a getter of the fields: wait until append returns.',
  CLOSED: 'Open the log again.',
}

export interface WalErrorDetails {
  /** The byte of `telemetry.wal` at which it was seen. */
  offsetBytes?: number
  /** The seq that it is about. */
  seq?: bigint
  /** The error underneath. */
  cause?: unknown
}

/**
 * Every error that the log throws. `code` is stable, `remedy` is what an operator can do, and
 * `offsetBytes` and `seq` say where, when there is a where.
 */
export class WalError extends Error {
  override readonly name = 'WalError'
  readonly code: WalErrorCode
  readonly offsetBytes: number | undefined
  readonly seq: bigint | undefined
  readonly remedy: string

  constructor(code: WalErrorCode, detail: string, details: WalErrorDetails = {}) {
    const remedy = REMEDIES[code]
    super(`${code}: ${detail}. ${remedy}`, { cause: details.cause })
    this.code = code
    this.offsetBytes = details.offsetBytes
    this.seq = details.seq
    this.remedy = remedy
  }
}

/** A rule of the log, broken by what is on disk (as against a call that can't be served). */
export class WalViolation extends WalError {
  declare readonly code: ViolationCode

  constructor(code: ViolationCode, detail: string, details?: WalErrorDetails) {
    super(code, detail, details)
  }
}

const KIND_WORDS: Record<FileKind, string> = {
  file: 'a file',
  directory: 'a directory',
  link: 'a link',
  pipe: 'a pipe',
  socket: 'a socket',
  device: 'a device',
}

/** The violation that a path is where something else than a file stands; a link is never followed. */
export function notAFile(path: string, kind: FileKind): WalViolation {
  return new WalViolation('NOT_A_FILE', `${path} is ${KIND_WORDS[kind]} and must be a file`)
}

/** `DISK_FAILED`: what the disk could not do, and why it says so. */
export function diskFailed(what: string, cause: unknown): WalError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new WalError('DISK_FAILED', `${what} failed: ${reason}`, { cause })
}
