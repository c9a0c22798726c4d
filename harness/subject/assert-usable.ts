import { mkdtempSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { isSystemError } from '../process/error-report.ts'

/** A full or broken volume says nothing about the subject. Throws `CannotJudge`, or what is no system error. */
export function assertUsable(root: string): void {
  try {
    rmdirSync(mkdtempSync(join(root, 'usable-')))
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new CannotJudge(`nothing can be written to its volume: ${(error as Error).message}`)
  }
}
