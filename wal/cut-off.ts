import { basename } from 'node:path'
import { type Beyond, lookBeyond } from './beyond.ts'
import type { Disk } from './disk.ts'
import { diskFailed, WalError } from './error.ts'
import { keep } from './keep.ts'
import { LEGACY_UPGRADE_VARIABLE, type LogPaths, SAFE_SEQ_FILE, WAL_FILE } from './layout.ts'
import type { LogRecord, LogSink } from './log-record.ts'

/** The committed range of an open log that is longer than that. */
export interface Cut {
  file: number
  safeSeq: bigint
  endBytes: number
  sizeBytes: number
}

function attributesOf(paths: LogPaths, cut: Cut, beyond: Beyond): LogRecord['attributes'] {
  const { wholeFrames, firstSeq, lastSeq } = beyond
  return {
    directory: paths.directory,
    safeSeq: String(cut.safeSeq),
    offsetBytes: cut.endBytes,
    bytes: beyond.bytes,
    wholeFrames,
    ...(firstSeq === undefined ? {} : { firstSeq: String(firstSeq) }),
    ...(lastSeq === undefined ? {} : { lastSeq: String(lastSeq) }),
  }
}

/** Keeps what no crash of this log can have left, and says what it is and how to get it back. */
function keepBeyond(
  disk: Disk,
  paths: LogPaths,
  cut: Cut,
  beyond: Beyond,
  log: LogSink,
): { kept: string } {
  const { file, endBytes, safeSeq } = cut
  const part = { file, startBytes: endBytes, endBytes: beyond.keepEndBytes }
  let kept: string
  try {
    kept = basename(keep(disk, paths, part, safeSeq))
  } catch (cause) {
    if (cause instanceof WalError) throw cause
    throw diskFailed(
      'keeping what is beyond the safe point, without which it is not cut off,',
      cause,
    )
  }
  log({
    level: 'error',
    message: 'WAL_PHANTOM_KEPT',
    attributes: {
      ...attributesOf(paths, cut, beyond),
      kept,
      keptBytes: part.endBytes - part.startBytes,
      note: `a crash leaves one whole frame beyond the safe point at most, and here ${beyond.inARow} follow one another: ${SAFE_SEQ_FILE} is older than the log, as from a restored backup or a zeroed block; to get them back, close the log before anything is appended (${WAL_FILE} is then ${endBytes} bytes long), append ${kept} to ${WAL_FILE}, remove ${SAFE_SEQ_FILE}, and start once with ${LEGACY_UPGRADE_VARIABLE}=1`,
    },
  })
  return { kept }
}

/**
 * Cuts the log back to its committed range, durably. What goes is told before it goes; and what no
 * crash of this log can have left is first kept beside it. `assertCurrent` throws where the safe point has
 * changed meanwhile, and is asked before it is told and before it is cut. Throws `DISK_FAILED` with nothing cut where it can't be kept,
 * and what the disk throws.
 */
export function cutOff(
  disk: Disk,
  paths: LogPaths,
  cut: Cut,
  log: LogSink,
  assertCurrent: () => void,
): void {
  const { file, endBytes, sizeBytes, safeSeq } = cut
  const beyond = lookBeyond(disk, file, { startBytes: endBytes, sizeBytes, safeSeq })
  const kept = beyond.inARow > 1 ? keepBeyond(disk, paths, cut, beyond, log) : {}
  assertCurrent()
  log({
    level: 'warn',
    message: 'WAL_PHANTOM_DISCARDED',
    attributes: { ...attributesOf(paths, cut, beyond), ...kept },
  })
  // Whoever gets the record may take long.
  assertCurrent()
  disk.truncate(file, endBytes)
  disk.sync(file)
}
