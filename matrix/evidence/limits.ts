import { KEPT_RECORDINGS, PACKED_BYTES } from '../../harness/crash-states/recording-limits.ts'
import { MAX_ROUNDS } from '../../harness/plan/power-cut.ts'
import { MAX_SHARDS } from '../shard.ts'
import {
  COMMAND_FILE,
  IO_ERROR_FILE,
  ITERATIONS_FILE,
  LOG_FILE,
  PORTABILITY_FILE,
  POWER_CUT_FILE,
  POWER_CUT_STATES_FILE,
  RUN_FILE,
  roundOf,
  SUBJECT_FILE,
  SUMS_FILE,
  VERIFY_FILE,
} from './files.ts'

/**
 * The largest that evidence can be. What writes it keeps to the same numbers, and the schemas have them as
 * their maxima.
 */

const KIB = 1024
const MIB = 1024 * KIB

/** Iterations of a run, all of its shards together. */
export const MAX_ITERATIONS = 20_000
/** States that one run may be asked for. */
export const MAX_STATES = 10_000_000
/** Cases of errors that one run may be asked for. */
export const MAX_ERROR_CASES = 100_000
/** Records of the subject's own log. */
export const MAX_LOG_RECORDS = 50_000

/** Characters of what says why an iteration, a state or a pair did not pass; of a step; of a line to paste. */
export const DETAIL_CHARS = 500
export const REASON_CHARS = 2000
export const COMMAND_CHARS = 1000

/** A line of a file with one JSON object a line. */
export const MAX_LINE_BYTES = 64 * KIB

/** The files of a run: the eleven kinds, and the recordings that each of its shards kept. */
export const MAX_RUN_FILES = 11 + KEPT_RECORDINGS * MAX_SHARDS
/** All files of a run together. */
export const MAX_RUN_BYTES = 128 * MIB

export const MAX_ITERATIONS_BYTES = 40 * MIB
/** What each state of the kept recordings showed. */
export const MAX_STATES_BYTES = 8 * MIB
export const MAX_LOG_BYTES = 16 * MIB

const MAX_BYTES: Readonly<Record<string, number>> = {
  [RUN_FILE]: MIB,
  [COMMAND_FILE]: 8 * KIB,
  [SUBJECT_FILE]: 2 * MIB,
  [VERIFY_FILE]: 64 * KIB,
  [PORTABILITY_FILE]: MIB,
  [POWER_CUT_FILE]: 8 * MIB,
  [POWER_CUT_STATES_FILE]: MAX_STATES_BYTES,
  [IO_ERROR_FILE]: MIB,
  [ITERATIONS_FILE]: MAX_ITERATIONS_BYTES,
  [LOG_FILE]: MAX_LOG_BYTES,
  [SUMS_FILE]: 64 * KIB,
}

/** How large a file of that name can be; null when no file of a run has that name. */
export function maxBytesOf(name: string): number | null {
  const round = roundOf(name)
  if (round !== null) return round <= MAX_ROUNDS ? PACKED_BYTES : null
  return MAX_BYTES[name] ?? null
}

/** What an evidence folder may hold: entries in one directory, cells, runs and their files, and bytes of them. */
export const MAX_DIRECTORY_ENTRIES = 10_000
export const MAX_TREE_CELLS = 100
export const MAX_TREE_RUNS = 5000
export const MAX_TREE_FILES = 100_000
export const MAX_TREE_BYTES = 1024 * MIB

/** So many problems are told; of the others, how many there are. */
export const MAX_PROBLEMS = 100
