import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

function makeDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'pullplug-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A directory of its own for a test, removed after it. */
export function temporaryDirectory(): string {
  const { path, remove } = makeDirectory()
  onTestFinished(remove)
  return path
}

/** Gives `use` a directory of its own, outside of any test. */
export async function withTemporaryDirectory<T>(use: (path: string) => Promise<T>): Promise<T> {
  const { path, remove } = makeDirectory()
  return await use(path).finally(remove)
}
