import { CannotJudge } from '../oracle/cannot-judge.ts'

/**
 * A process that had begun to open the subject died, or was given up. Once is no verdict: the machine may
 * have done it. When a fresh process does the same, it is the subject's doing.
 */
export class RecoveryGone extends CannotJudge {}
