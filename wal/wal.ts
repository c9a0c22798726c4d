import { itsLengthIs, whatBecameOfLog, whatBecameOfSafePoint } from './as-left.ts'
import { assertValid, gap } from './committed-range.ts'
import type { Disk } from './disk.ts'
import { writeFully } from './disk.ts'
import type { Entry, Fields } from './entry.ts'
import { diskFailed, WalError, WalViolation } from './error.ts'
import { decodeJson, encodeFrame } from './frame.ts'
import { type LogPaths, logPaths, MAX_LOG_BYTES, MAX_SEQ } from './layout.ts'
import type { LogSink } from './log-record.ts'
import { nodeDisk } from './node-disk.ts'
import { type Environment, examine, type Findings, settle } from './recovery.ts'
import { replaceSafePoint } from './safe-point.ts'
import { scanFrames } from './scan.ts'

/** Called in the middle of an append, so that the order of its steps can be asserted. */
export interface Observers {
  /** The log's sync has returned: the frame of `seq` is durable. */
  onLogSynced?: (seq: bigint) => void
  /** The directory's sync has returned: the safe point is `seq`, durably. */
  onSafePointAdvanced?: (seq: bigint) => void
}

export interface WalOptions {
  /** Where the log's files are; the real disk unless given. */
  disk?: Disk
  /** The environment variables; those of the process unless given. */
  environment?: Environment
  /** Where log records go; nowhere unless given. */
  log?: LogSink
  observers?: Observers
  /** The size that the log may reach; `MAX_LOG_BYTES` unless given. */
  maxLogBytes?: number
}

function changedBehind(seq: bigint, change: string): WalError {
  return new WalError('CHANGED_BEHIND', `seq ${seq} is not appended: ${change}`, { seq })
}

/** What an open failed by, as the log's own error. */
function asWalError(cause: unknown, directory: string): WalError {
  if (cause instanceof WalError) return cause
  if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') {
    return new WalViolation('NOT_A_DIRECTORY', `${directory} is not a directory`, { cause })
  }
  return diskFailed(`opening the log in ${directory}`, cause)
}

/**
 * A write-ahead log in a directory of its own. One process has it open at a time. Every call is
 * synchronous, and `append` returns only when its entry is durable.
 */
export class Wal {
  readonly directory: string
  readonly #disk: Disk
  readonly #paths: LogPaths
  readonly #options: WalOptions
  readonly #file: number
  readonly #identity: string
  #safeSeq: bigint
  #sizeBytes: number
  #appending = false
  #closed = false
  #whyNoAppend: WalError | undefined

  /**
   * Takes an open log file and what is committed in it, and trusts both. `Wal.open` is the way to get
   * a log; this is for those who build a log of their own on its parts.
   */
  constructor(directory: string, file: number, findings: Findings, options: WalOptions) {
    this.directory = directory
    this.#disk = options.disk ?? nodeDisk
    this.#paths = logPaths(directory)
    this.#options = options
    this.#file = file
    this.#identity = this.#disk.identity(file)
    this.#safeSeq = findings.safeSeq
    this.#sizeBytes = findings.endBytes
    this.#whyNoAppend = findings.readOnly
  }

  /**
   * Opens the log in `directory`, which must exist, and recovers it: what is beyond the safe point is
   * cut off and told as `WAL_PHANTOM_DISCARDED`; what no crash can have left there is first kept in
   * `telemetry.wal.cut-<safe_seq>` and told as `WAL_PHANTOM_KEPT`. Throws a `WalViolation` where what is
   * on disk breaks a rule of the log, having changed nothing and logged `WAL_RECOVERY_FAIL_HARD`;
   * `CHANGED_BEHIND` where another process moved the safe point meanwhile; and `DISK_FAILED` where the
   * disk refused.
   */
  static open(directory: string, options: WalOptions = {}): Wal {
    const disk = options.disk ?? nodeDisk
    const log = options.log ?? (() => {})
    const paths = logPaths(directory)
    try {
      const findings = examine(disk, paths, options.environment ?? process.env, log)
      return new Wal(directory, settle(disk, paths, findings, log), findings, options)
    } catch (cause) {
      const error = asWalError(cause, directory)
      if (!(error instanceof WalViolation)) throw error
      log({
        level: 'error',
        message: 'WAL_RECOVERY_FAIL_HARD',
        attributes: {
          directory,
          cause: error.code,
          detail: error.message,
          ...(error.offsetBytes === undefined ? {} : { offsetBytes: error.offsetBytes }),
          ...(error.seq === undefined ? {} : { seq: String(error.seq) }),
        },
      })
      throw error
    }
  }

  /** The last committed seq; 0 while there is none. */
  get safeSeq(): bigint {
    return this.#safeSeq
  }

  /** The size of the committed log. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /**
   * Appends one entry and returns its seq once it is durable: the frame is written and synced, and
   * only then the safe point is moved (§3.5 order). `fields` is any JSON object without a `seq`.
   *
   * Throws, with nothing written: `FIELDS_INVALID`, `FRAME_TOO_LARGE`, `LOG_FULL`, `SEQ_EXHAUSTED`,
   * `CLOSED`, `APPEND_IN_APPEND`, and on a legacy log with a gap what that gap is. Throws `DISK_FAILED`
   * when a write or sync fails, and from then on `REOPEN_NEEDED`: what is on disk is then unknown, and a
   * later sync can report success on pages that the kernel has dropped (Rebello et al., "Can
   * Applications Recover from fsync Failures?", USENIX ATC 2020). Throws `CHANGED_BEHIND`, with nothing
   * overwritten, where the files are not as this log left them, and from then on `REOPEN_NEEDED`.
   */
  append(fields: Fields): bigint {
    this.#assertOpen()
    if (this.#whyNoAppend !== undefined) throw this.#whyNoAppend
    if (this.#appending) throw new WalError('APPEND_IN_APPEND', 'another append is not done yet')
    this.#appending = true
    try {
      return this.#append(fields)
    } finally {
      this.#appending = false
    }
  }

  #append(fields: Fields): bigint {
    const seq = this.#safeSeq + 1n
    if (seq > MAX_SEQ) throw new WalError('SEQ_EXHAUSTED', `the last seq, ${MAX_SEQ}, is taken`)
    const frame = encodeFrame(seq, fields)
    const endBytes = this.#sizeBytes + frame.length
    const maxBytes = this.#options.maxLogBytes ?? MAX_LOG_BYTES
    if (endBytes > maxBytes) {
      throw new WalError(
        'LOG_FULL',
        `the entry would bring the log to ${endBytes} bytes and ${maxBytes} is its limit`,
        { seq },
      )
    }
    try {
      this.#assertAsLeft(seq)
      writeFully(this.#disk, this.#file, frame, this.#sizeBytes)
      this.#disk.sync(this.#file)
      this.#options.observers?.onLogSynced?.(seq)
      replaceSafePoint(this.#disk, this.#paths, seq, () => this.#assertNotCut(endBytes, seq))
    } catch (cause) {
      this.#whyNoAppend = new WalError('REOPEN_NEEDED', `appending seq ${seq} failed before`, {
        seq,
        cause,
      })
      if (cause instanceof WalError && cause.code === 'CHANGED_BEHIND') throw cause
      throw diskFailed(`appending seq ${seq}`, cause)
    }
    this.#safeSeq = seq
    this.#sizeBytes = endBytes
    this.#options.observers?.onSafePointAdvanced?.(seq)
    return seq
  }

  /** Throws `CHANGED_BEHIND` unless safe_seq and the log are as this log left them. */
  #assertAsLeft(seq: bigint): void {
    const left = { identity: this.#identity, sizeBytes: this.#sizeBytes }
    const change =
      whatBecameOfSafePoint(this.#disk, this.#paths, this.#safeSeq) ??
      whatBecameOfLog(this.#disk, this.#paths, left)
    if (change !== undefined) throw changedBehind(seq, change)
  }

  /** Throws the same where a recovery has cut off what is not yet committed, taking it for a phantom. */
  #assertNotCut(endBytes: number, seq: bigint): void {
    const sizeBytes = this.#disk.sizeBytes(this.#file)
    if (sizeBytes !== endBytes) throw changedBehind(seq, itsLengthIs(sizeBytes, endBytes))
  }

  /**
   * The committed entries with a seq above `afterSeq`, in order; 0 reads everything. It reads what is
   * committed at the call, a window of the file at a time, and never returns an entry beyond the safe
   * point (R5). Throws a `WalViolation` where the file was altered behind the log's back,
   * `DISK_FAILED`, `CLOSED`.
   */
  readFrom(afterSeq: bigint): Iterable<Entry> {
    this.#assertOpen()
    return this.#read(afterSeq, this.#safeSeq, this.#sizeBytes)
  }

  *#read(afterSeq: bigint, safeSeq: bigint, endBytes: number): Generator<Entry> {
    // Once closed, the file's handle can be another file's.
    this.#assertOpen()
    const gapsKnown = this.#whyNoAppend instanceof WalViolation
    let maxSeq = 0n
    try {
      for (const frame of scanFrames(this.#disk, this.#file, endBytes)) {
        const expected = maxSeq + 1n
        assertValid(frame, expected)
        const { seq } = frame
        if (seq !== expected && !gapsKnown) throw gap(frame, expected)
        if (seq > maxSeq) maxSeq = seq
        if (seq <= afterSeq) continue
        yield decodeJson(frame.json) as Entry
        this.#assertOpen()
      }
    } catch (error) {
      throw error instanceof WalError ? error : diskFailed('reading the log', error)
    }
    if (maxSeq !== safeSeq) {
      throw new WalViolation(
        'SAFESEQ_GT_MAXSEQ',
        `the safe point is ${safeSeq} and the log now ends at ${maxSeq}`,
        { seq: safeSeq },
      )
    }
  }

  /** Closes the file. Everything appended is durable already; a second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#disk.close(this.#file)
  }

  #assertOpen(): void {
    if (this.#closed) throw new WalError('CLOSED', `the log in ${this.directory} is closed`)
  }
}
