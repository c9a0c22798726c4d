/** The subjects that are part of the program, and what the harness is given to test them. */
export { HOME } from './home.ts'
export { CONTROLS } from './wal/controls/index.ts'
export type { VerifyReport } from './wal/verify/report.ts'
export { verifyLog } from './wal/verify/verify.ts'
