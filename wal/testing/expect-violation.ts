import { expect } from 'vitest'
import type { ViolationCode } from '../error.ts'
import { WalViolation } from '../error.ts'
import type { WalOptions } from '../wal.ts'
import type { LogDirectory } from './log-directory.ts'

/** Opens the log, which must fail hard with `code`: logged with cause and directory, nothing changed. */
export function expectViolation(
  directory: LogDirectory,
  code: ViolationCode,
  options: WalOptions = {},
): WalViolation {
  const before = directory.snapshot()
  let thrown: unknown
  try {
    directory.open(options)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(WalViolation)
  const violation = thrown as WalViolation
  expect(violation.code).toBe(code)
  expect(violation.remedy).not.toBe('')
  expect(directory.records.at(-1)).toMatchObject({
    level: 'error',
    message: 'WAL_RECOVERY_FAIL_HARD',
    attributes: { cause: code, directory: directory.path },
  })
  expect(directory.snapshot()).toEqual(before)
  return violation
}
