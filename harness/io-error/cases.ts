import type { CountedOperation } from '../observed/counted-operation.ts'
import { IO_ERROR_NAMES, IO_ERRORS, type IoErrorName } from './errors/index.ts'

/**
 * What the history does behind the change that met the error: it goes on in the living process, or the subject is
 * closed, looked at by another process and opened again.
 */
export const SEQUELS = ['goes-on', 'reopens'] as const

export type Sequel = (typeof SEQUELS)[number]

/** One error at one operation of a history. */
export interface IoErrorCase {
  /** Which operation, as it was counted. */
  operation: CountedOperation
  error: IoErrorName
  sequel: Sequel
}

/** A case's name in its history, such as `12-EIO-reopens`. */
export function caseName({ operation, error, sequel }: IoErrorCase): string {
  return `${operation.number}-${error}-${sequel}`
}

/** A case in words: `put 3: write data.json (operation 21) is answered EIO, and it goes on`. */
export function caseInWords({ operation, error, sequel }: IoErrorCase): string {
  const { during, name, number } = operation
  const next = sequel === 'goes-on' ? 'the subject goes on' : 'the subject is reopened'
  return `${during}: ${name} (operation ${number}) ${IO_ERRORS[error].inWords}, and ${next}`
}

/** Where the error struck, in words for a failure's story, if not where that was counted: a program need not do the same twice. */
export function strayInWords(
  { operation: { during, name } }: IoErrorCase,
  { struck, met }: { struck: { during: string } | null; met: string | null },
): string {
  if (struck === null || met === null || (struck.during === during && met === name)) return ''
  return `, met by ${struck.during}: ${met}`
}

/** Whether the history goes on alike in both ways, since the error is met by no change. */
const isAlike = ({ during }: CountedOperation): boolean => !during.includes(' ')

/** The whole product: every error that each of these operations can meet, and what the history does then. */
export function casesAt(operations: readonly CountedOperation[]): IoErrorCase[] {
  return operations.flatMap((operation) =>
    IO_ERROR_NAMES.filter((error) => IO_ERRORS[error].canStrike(operation)).flatMap((error) =>
      SEQUELS.filter((sequel) => sequel === 'goes-on' || !isAlike(operation)).map((sequel) => ({
        operation,
        error,
        sequel,
      })),
    ),
  )
}
