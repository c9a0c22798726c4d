import { KINDS, type Kind } from '../passthrough/operation.ts'
import { SEQUELS } from './cases.ts'
import { IO_ERROR_NAMES, IO_ERRORS, type IoErrorName } from './errors/index.ts'
import { REAL_ERRORS } from './told.ts'

/** What a case's name says of it. */
export interface NamedCase {
  /** Of which history, counted from 1. */
  round: number
  error: string
}

const AT_OPERATION = new RegExp(
  `^([1-9]\\d{0,8})\\.[1-9]\\d{0,8}-(${IO_ERROR_NAMES.join('|')})-(${SEQUELS.join('|')})$`,
)

const REAL = Object.values(REAL_ERRORS).flat()
const OF_REAL_THINGS = new RegExp(
  `^([1-9]\\d{0,8})\\.(${REAL.join('|')})-\\d{1,12}(-[a-z]{1,12}){0,3}$`,
)

/** Reads a case's name, such as `1.12-EIO-reopens`; null where it is none. */
export function readCaseName(name: string): NamedCase | null {
  const [, round, error] = AT_OPERATION.exec(name) ?? OF_REAL_THINGS.exec(name) ?? []
  return round === undefined || error === undefined ? null : { round: Number(round), error }
}

/** Whether an operation of that kind, a device or a volume can meet that error. */
export function canMeet(operation: string, error: string): boolean {
  if (operation in REAL_ERRORS) {
    const errors: readonly string[] = REAL_ERRORS[operation as keyof typeof REAL_ERRORS]
    return errors.includes(error)
  }
  const kind = KINDS.find((each) => each === operation)
  if (kind === undefined || !IO_ERROR_NAMES.includes(error as IoErrorName)) return false
  return IO_ERRORS[error as IoErrorName].canStrike(largest(kind))
}

/** An operation that meets whatever one of its kind can meet. */
function largest(kind: Kind) {
  const sizeBytes = 1024 * 1024
  return {
    number: 1,
    during: 'open',
    kind,
    name: kind,
    lengthBytes: sizeBytes,
    growsBytes: sizeBytes,
    stopsBytes: [],
  }
}
