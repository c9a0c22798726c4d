import type { NamedErrorCase } from './campaign.ts'
import type { ErrorCaseResult } from './case-result.ts'
import { caseInWords, type IoErrorCase, strayInWords } from './cases.ts'
import type { RealErrorCase } from './real-errors.ts'

/** A case of any part of the tier, as it is counted, told and made again. */
export interface ToldErrorCase extends ErrorCaseResult {
  /** By which it is made again, such as `1.12-EIO-reopens`. */
  name: string
  /** The kind of operation that met the error, such as `write`; or `device` or `volume`. */
  operation: string
  /** Such as `EIO`. */
  error: string
  /** The error in words. */
  what: string
  /** The case at an operation; null for a device or a volume. */
  made: IoErrorCase | null
}

/** A case at an operation. */
export function toldAtOperation({ case: made, ...result }: NamedErrorCase): ToldErrorCase {
  const { struck, met } = result
  const what = `${caseInWords(made)}${strayInWords(made, { struck, met })}`
  return { ...result, operation: made.operation.kind, error: made.error, what, made }
}

/** What says no of its own: a block device, or a volume with no room. */
export const REAL_ERRORS = {
  device: ['flush', 'write', 'read'],
  volume: ['free', 'inodes'],
} as const

/** A case of a real device or volume, of which its name says what failed. */
export function toldOfRealError(result: RealErrorCase): ToldErrorCase {
  const [error = ''] = result.name.slice(result.name.indexOf('.') + 1).split('-')
  const isDevice = REAL_ERRORS.device.some((each) => each === error)
  return { ...result, operation: isDevice ? 'device' : 'volume', error, made: null }
}

/** In the order in which they are told: those that failed, and then those that could not be judged. */
export function worstFirst<P extends Pick<ToldErrorCase, 'failures'>>(problems: readonly P[]): P[] {
  const failed = problems.filter(({ failures }) => failures.length > 0)
  return [...failed, ...problems.filter(({ failures }) => failures.length === 0)]
}
