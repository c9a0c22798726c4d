import {
  NO_SYNC,
  NO_TRUNCATION,
  SAFE_POINT_BEFORE_SYNC,
  SAFE_POINT_FIRST,
  SAFE_SEQ_IN_PLACE,
} from './broken-disk.ts'
import { BAD_JSON_SKIPPED, SEQUENCE_NOT_RESTORED, STRUCTURAL_END } from './broken-recovery.ts'
import type { Control } from './control.ts'
import { ACKNOWLEDGED_EARLY } from './early-acknowledgement.ts'
import { NATIVE_BYTE_ORDER } from './native-byte-order.ts'

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
