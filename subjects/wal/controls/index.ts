import type { Control } from '../../../harness/controls/control.ts'
import {
  NO_SYNC,
  NO_TRUNCATION,
  SAFE_POINT_BEFORE_SYNC,
  SAFE_POINT_FIRST,
  SAFE_SEQ_IN_PLACE,
} from './broken-disk.ts'
import { BAD_JSON_SKIPPED, SEQUENCE_NOT_RESTORED, STRUCTURAL_END } from './broken-recovery.ts'
import { ACKNOWLEDGED_EARLY } from './early-acknowledgement.ts'
import { IO_ERROR_CONTROLS } from './io-error.ts'
import { NATIVE_BYTE_ORDER } from './native-byte-order.ts'
import {
  ACKNOWLEDGED_BEFORE_SYNC,
  LOG_NAME_NOT_SYNCED,
  NO_DIRECTORY_SYNC,
  NO_LOG_SYNC,
  NO_SAFE_POINT_SYNC,
  RENAME_BEFORE_SYNC,
} from './unsynced.ts'

/** What only a log that crosses from one architecture to another shows. */
export const PORTABILITY_CONTROLS: readonly Control[] = [NATIVE_BYTE_ORDER]

/** Every control of the kill tier, those that a SIGKILL can't show last. */
export const CONTROLS: readonly Control[] = [
  SAFE_POINT_FIRST,
  STRUCTURAL_END,
  SEQUENCE_NOT_RESTORED,
  NO_TRUNCATION,
  BAD_JSON_SKIPPED,
  SAFE_SEQ_IN_PLACE,
  ACKNOWLEDGED_EARLY,
  NO_SYNC,
  SAFE_POINT_BEFORE_SYNC,
]

/** Every control of the power-cut tier. */
export const POWER_CUT_CONTROLS: readonly Control[] = [
  NO_LOG_SYNC,
  NO_SAFE_POINT_SYNC,
  NO_DIRECTORY_SYNC,
  ACKNOWLEDGED_BEFORE_SYNC,
  RENAME_BEFORE_SYNC,
  LOG_NAME_NOT_SYNCED,
  NO_TRUNCATION,
  SAFE_POINT_BEFORE_SYNC,
  NO_SYNC,
]

const ALL = [
  ...IO_ERROR_CONTROLS.map(({ control }) => control),
  ...CONTROLS,
  ...POWER_CUT_CONTROLS,
  ...PORTABILITY_CONTROLS,
]

/** The names of all controls. */
export const CONTROL_NAMES: readonly string[] = [...new Set(ALL.map(({ subject }) => subject.name))]

/** The control of that name, whichever tier it is for. */
export function controlNamed(name: string): Control | undefined {
  return ALL.find(({ subject }) => subject.name === name)
}
