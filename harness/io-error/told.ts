import type { NamedErrorCase } from './campaign.ts'
import { caseInWords } from './cases.ts'
import type { ErrorCaseResult } from './error-case.ts'

/** A case of any part of the tier, as it is counted, told and made again. */
export interface ToldErrorCase extends Omit<ErrorCaseResult, 'struck'> {
  /** By which it is made again, such as `1.12-EIO-reopens`. */
  name: string
  /** The kind of what met the error, such as `write`. */
  operation: string
  /** Such as `EIO`. */
  error: string
  /** The error in words. */
  what: string
}

/** A case at an operation. */
export function toldAtOperation({ struck: _, ...result }: NamedErrorCase): ToldErrorCase {
  const { case: made, ...rest } = result
  return { ...rest, operation: made.operation.kind, error: made.error, what: caseInWords(made) }
}
