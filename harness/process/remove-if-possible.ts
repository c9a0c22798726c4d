import { rmSync } from 'node:fs'
import { isSystemError } from './error-report.ts'

/** Removes a directory; a volume that broke lets go of nothing, which must not hide what was found on it. */
export function removeIfPossible(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true })
  } catch (error) {
    if (!isSystemError(error)) throw error
  }
}
