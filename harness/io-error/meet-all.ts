import { join } from 'node:path'
import type { DescribedSubject } from '../subject/description.ts'
import { type ErrorExtent, meetErrors } from './campaign.ts'
import { type ToldErrorCase, toldAtOperation } from './told.ts'

export interface AllErrorsOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for this alone. */
  root: string
  extent: ErrorExtent
  share?: { index: number; of: number } | undefined
  signal: AbortSignal
  onCase: (told: ToldErrorCase) => void
  /** Is called with the directory of a case before it is looked at. */
  onLook?: (directory: string) => void
}

/** What came of all cases. */
export interface AllErrors {
  cases: ToldErrorCase[]
  /** How many cases there are in what was begun. */
  planned: number
  /** How many histories were begun. */
  rounds: number
}

/** Has a subject meet errors of every kind. Throws as `meetErrors`. */
export async function meetAllErrors(options: AllErrorsOptions): Promise<AllErrors> {
  const { onCase, root, ...rest } = options
  const { results, planned, rounds } = await meetErrors({
    ...rest,
    root: join(root, 'operations'),
    onResult: (result) => onCase(toldAtOperation(result)),
  })
  return { cases: results.map(toldAtOperation), planned, rounds }
}
