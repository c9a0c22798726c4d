import { committedEndBytes, countFrames } from './committed-range.ts'
import { cutOff } from './cut-off.ts'
import type { Disk } from './disk.ts'
import { notAFile, WalError, WalViolation } from './error.ts'
import { removeUnfinishedCopy } from './keep.ts'
import {
  findSteadyMarker,
  LEGACY_UPGRADE_VARIABLE,
  type LogPaths,
  OPERATOR_RESET_VARIABLE,
} from './layout.ts'
import type { LogSink } from './log-record.ts'
import { readSafePoint, replaceSafePoint } from './safe-point.ts'
import { isValid, type ScannedFrame, scanFrames } from './scan.ts'

/** The environment variables, by name; only `1` turns one on. */
export type Environment = Record<string, string | undefined>

/** What recovery found, before it changes anything. */
export interface Findings {
  /** The last committed seq. */
  safeSeq: bigint
  /** What safe_seq said; undefined where there was none. */
  safeSeqRead: bigint | undefined
  /** Where the frame of `safeSeq` ends; every byte beyond is cut off. */
  endBytes: number
  /** Whether safe_seq must be written before the log is used, since the disk doesn't say so yet. */
  safePointDue: boolean
  /** Why the log can be read but not appended to: a legacy log with a gap. */
  readOnly: WalViolation | undefined
}

const EMPTY: Findings = {
  safeSeq: 0n,
  safeSeqRead: undefined,
  endBytes: 0,
  safePointDue: true,
  readOnly: undefined,
}

/** Throws `NOT_A_FILE` where something else stands at the path; it opens nothing. */
function assertFile(disk: Disk, path: string): void {
  const kind = disk.look(path)?.kind
  if (kind !== undefined && kind !== 'file') throw notAFile(path, kind)
}

/** Runs `use` on the log's file and size, or on nothing when there is no file. */
function withLog<T>(disk: Disk, paths: LogPaths, use: (file: number, sizeBytes: number) => T): T {
  if (disk.look(paths.wal) === undefined) return use(-1, 0)
  const file = disk.open(paths.wal, 'read')
  try {
    return use(file, disk.sizeBytes(file))
  } finally {
    disk.close(file)
  }
}

function holdsValidFrame(frames: Iterable<ScannedFrame>): boolean {
  for (const frame of frames) if (isValid(frame)) return true
  return false
}

function upgradeLegacy(
  disk: Disk,
  paths: LogPaths,
  safeSeqRead: bigint | undefined,
  log: LogSink,
): Findings {
  const { maxSeq, endBytes, firstGap } = withLog(disk, paths, (file, sizeBytes) =>
    countFrames(scanFrames(disk, file, sizeBytes)),
  )
  log({
    level: 'warn',
    message: 'WAL_LEGACY_UPGRADE',
    attributes: {
      directory: paths.directory,
      lastSeq: String(maxSeq),
      note: `every frame of this log counts as committed; unset ${LEGACY_UPGRADE_VARIABLE} now that it has been accepted`,
    },
  })
  if (firstGap !== undefined) {
    log({
      level: 'warn',
      message: 'WAL_LEGACY_GAP',
      attributes: {
        directory: paths.directory,
        cause: firstGap.code,
        offsetBytes: firstGap.offsetBytes ?? 0,
        detail: firstGap.message,
        note: 'entries are missing from this legacy log: it can be read but not appended to, and nothing of it was changed; copy its entries into a new log',
      },
    })
  }
  return { safeSeq: maxSeq, safeSeqRead, endBytes, safePointDue: true, readOnly: firstGap }
}

/**
 * Reads what is on disk and decides what is committed (§3.4, §3.4.1, R1–R4), changing nothing.
 * Throws a `WalViolation`, or what the disk throws.
 */
export function examine(
  disk: Disk,
  paths: LogPaths,
  environment: Environment,
  log: LogSink,
): Findings {
  assertFile(disk, paths.wal)
  assertFile(disk, paths.safeSeqTmp)
  const safeSeq = readSafePoint(disk, paths)
  if (safeSeq !== undefined && safeSeq > 0n) {
    const endBytes = withLog(disk, paths, (file, sizeBytes) =>
      committedEndBytes(scanFrames(disk, file, sizeBytes), safeSeq),
    )
    return { safeSeq, safeSeqRead: safeSeq, endBytes, safePointDue: false, readOnly: undefined }
  }

  const upgrading = environment[LEGACY_UPGRADE_VARIABLE] === '1'
  // What is beyond a safe point of 0 can be anything, and is only counted when it is cut off.
  const holdsFrames =
    (safeSeq === undefined || upgrading) &&
    withLog(disk, paths, (file, sizeBytes) => holdsValidFrame(scanFrames(disk, file, sizeBytes)))
  if (holdsFrames && upgrading) return upgradeLegacy(disk, paths, safeSeq, log)
  if (safeSeq === 0n) return { ...EMPTY, safeSeqRead: 0n, safePointDue: false }

  const marker = holdsFrames ? paths.wal : findSteadyMarker(disk, paths.directory)
  if (marker === undefined) return EMPTY
  if (!holdsFrames && environment[OPERATOR_RESET_VARIABLE] === '1') {
    log({
      level: 'warn',
      message: 'WAL_RESET_BY_OPERATOR',
      attributes: {
        directory: paths.directory,
        marker,
        note: `the log begins again at seq 1, so whatever activation state refers to earlier entries no longer holds: check the activation invariants, and unset ${OPERATOR_RESET_VARIABLE}`,
      },
    })
    return EMPTY
  }
  if (upgrading) return upgradeLegacy(disk, paths, safeSeq, log)
  throw new WalViolation(
    'STEADY_WITHOUT_SAFESEQ',
    `${paths.directory} has been in use (it has ${marker}) and has no safe_seq`,
  )
}

/** Throws `CHANGED_BEHIND` where safe_seq no longer says what it said when the log was examined. */
function assertAsExamined(disk: Disk, paths: LogPaths, { safeSeqRead }: Findings): void {
  const now = readSafePoint(disk, paths)
  if (now === safeSeqRead) return
  throw new WalError(
    'CHANGED_BEHIND',
    `safe_seq was ${safeSeqRead ?? 'missing'} and became ${now ?? 'missing'} while the log in ${paths.directory} was opened`,
  )
}

/**
 * Brings the disk to what was found and returns the log's file, open for reading and writing: the log
 * ends where its committed range ends, safe_seq says so, and both, and the names of both files, are
 * durable. What is cut off is told, and kept where no crash can have left it. A log that can only be read
 * is left as it is. Throws `CHANGED_BEHIND` where another process has moved the safe point meanwhile,
 * `DISK_FAILED` where what must be kept can't be, and what the disk throws.
 */
export function settle(disk: Disk, paths: LogPaths, findings: Findings, log: LogSink): number {
  if (findings.readOnly !== undefined) return disk.open(paths.wal, 'read')
  const { safeSeq, endBytes, safePointDue } = findings
  const assertCurrent = (): void => assertAsExamined(disk, paths, findings)
  const file = disk.open(paths.wal, 'create')
  try {
    const sizeBytes = disk.sizeBytes(file)
    if (sizeBytes > endBytes) {
      cutOff(disk, paths, { file, safeSeq, endBytes, sizeBytes }, log, assertCurrent)
    } else if (safePointDue) {
      // Legacy frames were never known to be durable, and safe_seq is about to promise them (§3.5).
      disk.sync(file)
    }
    removeUnfinishedCopy(disk, paths)
    if (safePointDue) {
      assertCurrent()
      // A safe point above 0 must not outlive the name of the log whose frames it promises.
      if (safeSeq > 0n) disk.syncDirectory(paths.directory)
      replaceSafePoint(disk, paths, safeSeq)
    } else {
      if (disk.exists(paths.safeSeqTmp)) disk.unlink(paths.safeSeqTmp)
      // A crash can have left the log's name, or safe_seq's last rename, in the cache only.
      disk.syncDirectory(paths.directory)
    }
    return file
  } catch (error) {
    disk.close(file)
    throw error
  }
}
