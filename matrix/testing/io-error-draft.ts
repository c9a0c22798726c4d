import { NO_CONFIRMATIONS } from '../../harness/oracle/second-look.ts'
import { IO_ERROR_CONTROLS } from '../../subjects/wal/controls/io-error.ts'
import type { ErrorCasesRecord, IoErrorRecord } from '../evidence/io-error-types.ts'
import { knownLogControl } from '../steps/io-error/log-controls.ts'
import type { Asked } from './draft.ts'

/** How many cases a run makes that has time for so many and was asked for none. */
const IN_TIME = 60
/** What its cases meet, in turns. */
const MET = [
  ['create', 'EIO'],
  ['fsync', 'sync-lost'],
  ['rename', 'ENOSPC'],
  ['write', 'full-half'],
] as const

/** What meeting errors leaves of a sound log; nothing under an emulator. */
export function ioErrorOf({ emulatedOn, errorCases, shard }: Asked): IoErrorRecord | null {
  if (emulatedOn !== null) return null
  const made = Math.ceil((errorCases ?? IN_TIME) / (errorCases === null ? 1 : (shard?.of ?? 1)))
  const cases = MET.map(([operation, error], at): ErrorCasesRecord => {
    const count = Math.floor((made + MET.length - 1 - at) / MET.length)
    const counts = { cases: count, delivered: count, passed: count, failed: 0, inconclusive: 0 }
    return { operation, error, ...counts }
  })
  return {
    schema: 'https://pullplug.dev/schemas/io-error/1.json',
    rounds: 1,
    planned: 867,
    cases: cases.filter((each) => each.cases > 0),
    confirmations: NO_CONFIRMATIONS,
    problems: [],
    controls: IO_ERROR_CONTROLS.map((control) => ({
      ...knownLogControl(control),
      caught: true,
      failure: 'false-success',
      by: 'append 1: fsync telemetry.wal fails once, and what it covered is gone',
      cases: 3,
    })),
  }
}
