import type { IoErrorRecord } from '../../evidence/io-error-types.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { worstOf, worstStep } from '../worst.ts'
import { concludeIoError } from './conclude.ts'

type IoError = Extract<StepRecord, { name: 'io-error' }>

/** The errors of all shards; where they could not be made, or were skipped, that stands. */
export function mergeIoErrorStep(steps: readonly IoError[], record: IoErrorRecord | null): IoError {
  const worst = worstStep(steps)
  if (record === null) return worst
  const concluded = concludeIoError(record)
  const { verdict } = worstOf([concluded, worst])
  const reason = verdict === concluded.verdict ? concluded.reason : worst.reason
  return { ...concluded, verdict, reason, durationMs: worst.durationMs }
}
