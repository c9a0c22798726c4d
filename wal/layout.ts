import { join } from 'node:path'
import type { Disk } from './disk.ts'

/** The log itself: frames, one after another (§3.3). */
export const WAL_FILE = 'telemetry.wal'
/** The safe point: the last seq that is committed (§3.5). */
export const SAFE_SEQ_FILE = 'telemetry.safe_seq'
/** The safe point being replaced (§3.5). */
export const SAFE_SEQ_TMP_FILE = 'telemetry.safe_seq.tmp'
/** What a recovery cut off and kept; the safe point that it was cut off behind follows. */
export const KEPT_FILE_PREFIX = 'telemetry.wal.cut-'
/** What is being kept, until all of it is durable. */
export const KEPT_TMP_FILE = 'telemetry.wal.cut.tmp'

/**
 * What shows, beside a valid frame in the log, that a directory has been in use (§3.4 steady state).
 * Add the name of any file or folder that exists only once the program has run; `telemetry.pos` is a
 * consumer's marker that may be there on a first run, and must never be added.
 */
export const STEADY_MARKERS = ['lock.fingerprint', 'activation', 'runtime.db'] as const

/** Set to `1` for one start, to accept a log that was written before safe_seq existed (§3.4). */
export const LEGACY_UPGRADE_VARIABLE = 'AUTONOMYOPS_WAL_LEGACY_UPGRADE'
/** Set to `1` for one start, to begin again at seq 1 where the log is empty (§3.4.1). */
export const OPERATOR_RESET_VARIABLE = 'AUTONOMYOPS_WAL_OPERATOR_RESET'

/** The largest JSON of a frame. A length above it, read back, is no frame's length. */
export const MAX_FRAME_JSON_BYTES = 1024 * 1024
/** The size that the log may reach; an append that would pass it is refused. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024
/** The largest seq that safe_seq's eight bytes can hold. */
export const MAX_SEQ = 2n ** 64n - 1n

/** The paths of a log's files in `directory`. */
export interface LogPaths {
  directory: string
  wal: string
  safeSeq: string
  safeSeqTmp: string
  keptTmp: string
}

export function logPaths(directory: string): LogPaths {
  return {
    directory,
    wal: join(directory, WAL_FILE),
    safeSeq: join(directory, SAFE_SEQ_FILE),
    safeSeqTmp: join(directory, SAFE_SEQ_TMP_FILE),
    keptTmp: join(directory, KEPT_TMP_FILE),
  }
}

/** The path of the `number`-th file (from 1) with what was cut off behind the safe point `safeSeq`. */
export function keptPath({ directory }: LogPaths, safeSeq: bigint, number: number): string {
  return join(directory, `${KEPT_FILE_PREFIX}${safeSeq}${number === 1 ? '' : `.${number}`}`)
}

/** The first steady marker found in `directory`, if any (§3.4). */
export function findSteadyMarker(disk: Disk, directory: string): string | undefined {
  return STEADY_MARKERS.find((marker) => disk.exists(join(directory, marker)))
}
