/** All that can be imported: the harness, and the subjects that are part of the program. */
export * from '../harness/index.ts'
export { HOME } from './home.ts'
export { CONTROLS } from './wal/controls/index.ts'
export type { VerifyReport } from './wal/verify/report.ts'
export { verifyLog } from './wal/verify/verify.ts'
