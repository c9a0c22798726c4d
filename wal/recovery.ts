import { committedEndBytes, countFrames } from './committed-range.ts'
import type { Disk } from './disk.ts'
import { WalViolation } from './error.ts'
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
  /** Where its frame ends; every byte beyond is cut off. */
  endBytes: number
  /** Whether safe_seq must be written before the log is used, since the disk doesn't say so yet. */
  safePointDue: boolean
  /** Why the log can be read but not appended to: a legacy log with a gap. */
  readOnly: WalViolation | undefined
}

const EMPTY: Findings = { safeSeq: 0n, endBytes: 0, safePointDue: true, readOnly: undefined }

/** Runs `use` on the log's file and size, or on nothing when there is no file. */
function withLog<T>(disk: Disk, paths: LogPaths, use: (file: number, sizeBytes: number) => T): T {
  if (!disk.exists(paths.wal)) return use(-1, 0)
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

function upgradeLegacy(disk: Disk, paths: LogPaths, log: LogSink): Findings {
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
  return { safeSeq: maxSeq, endBytes, safePointDue: true, readOnly: firstGap }
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
  const safeSeq = readSafePoint(disk, paths)
  if (safeSeq !== undefined && safeSeq > 0n) {
    const endBytes = withLog(disk, paths, (file, sizeBytes) =>
      committedEndBytes(scanFrames(disk, file, sizeBytes), safeSeq),
    )
    return { safeSeq, endBytes, safePointDue: false, readOnly: undefined }
  }

  const upgrading = environment[LEGACY_UPGRADE_VARIABLE] === '1'
  // What is beyond a safe point of 0 can be anything, so it isn't looked at without a need.
  const holdsFrames =
    (safeSeq === undefined || upgrading) &&
    withLog(disk, paths, (file, sizeBytes) => holdsValidFrame(scanFrames(disk, file, sizeBytes)))
  if (holdsFrames && upgrading) return upgradeLegacy(disk, paths, log)
  if (safeSeq === 0n) return { ...EMPTY, safePointDue: false }

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
  if (upgrading) return upgradeLegacy(disk, paths, log)
  throw new WalViolation(
    'STEADY_WITHOUT_SAFESEQ',
    `${paths.directory} has been in use (it has ${marker}) and has no safe_seq`,
  )
}

/**
 * Brings the disk to what was found and returns the log's file, open for reading and writing: the log
 * ends where its committed range ends, safe_seq says so, and both, and the names of both files, are
 * durable. A log that can only be read is left as it is.
 */
export function settle(disk: Disk, paths: LogPaths, findings: Findings): number {
  if (findings.readOnly !== undefined) return disk.open(paths.wal, 'read')
  const file = disk.open(paths.wal, 'create')
  try {
    const beyond = disk.sizeBytes(file) > findings.endBytes
    if (beyond) disk.truncate(file, findings.endBytes)
    // Legacy frames were never known to be durable, and safe_seq is about to promise them (§3.5).
    if (beyond || findings.safePointDue) disk.sync(file)
    if (findings.safePointDue) {
      // A safe point above 0 must not outlive the name of the log whose frames it promises.
      if (findings.safeSeq > 0n) disk.syncDirectory(paths.directory)
      replaceSafePoint(disk, paths, findings.safeSeq)
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
