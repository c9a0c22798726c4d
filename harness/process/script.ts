import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MachineError } from './machine-error.ts'

function compiledHarness(): string {
  const here = dirname(dirname(fileURLToPath(import.meta.url)))
  // Run from its sources (by a test runner), the harness still starts compiled children.
  return basename(dirname(here)) === 'dist' ? here : join(here, '..', 'dist', 'harness')
}

/**
 * The path of one of the harness's own scripts, compiled, such as `disk-subject/victim.js`. Throws a
 * `MachineError` when it has not been built.
 */
export function scriptPath(name: string): string {
  const path = join(compiledHarness(), name)
  if (!existsSync(path)) {
    throw new MachineError('MISSING', `${path} is not there`, 'Run `npm run build`.')
  }
  return path
}
