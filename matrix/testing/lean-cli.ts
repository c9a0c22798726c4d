import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/**
 * The program as it is installed: without the log's own tests, which a run of it then skips, and says so. For tests of
 * what does not depend on them, since they take half of a short run. It is removed behind the tests of the file.
 */
export function leanCli(): string {
  const root = mkdtempSync(join(tmpdir(), 'pullplug-lean-'))
  for (const each of ['dist', 'schemas', 'package.json']) {
    cpSync(join(process.cwd(), each), join(root, each), { recursive: true })
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  return join(root, 'dist', 'matrix', 'cli.js')
}
