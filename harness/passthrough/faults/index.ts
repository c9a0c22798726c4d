import { error, type Refusal } from './error.ts'
import { type FailedSync, failedSync } from './failed-sync.ts'
import type { Coming, Fault, Ruling } from './fault.ts'
import { type FullDisk, fullDisk } from './full-disk.ts'
import { type Kill, kill } from './kill.ts'
import { type PretendedWrite, pretendedWrite } from './pretended-write.ts'
import { type ShortWrite, shortWrite } from './short-write.ts'

/** A fault and its parameters, as a plan orders it. */
export type FaultOrder = Kill | Refusal | ShortWrite | FullDisk | FailedSync | PretendedWrite

/** The faults, by the names that orders have. */
const FAULTS: { [Name in FaultOrder['fault']]: Fault<Extract<FaultOrder, { fault: Name }>> } = {
  kill,
  error,
  'short-write': shortWrite,
  'full-disk': fullDisk,
  'failed-sync': failedSync,
  'pretended-write': pretendedWrite,
}

/** A fault that was ordered, armed. */
export interface Armed {
  rule: (coming: Coming) => Ruling
  losesWrites: boolean
}

/** Arms what was ordered. */
export function arm(order: FaultOrder): Armed {
  const fault = FAULTS[order.fault] as Fault<FaultOrder>
  return { rule: fault.arm(order), losesWrites: fault.losesWrites?.(order) ?? false }
}
