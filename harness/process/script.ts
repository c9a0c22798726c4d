import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MachineError } from './machine-error.ts'

function compiled(): string {
  const here = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
  // Run from its sources (by a test runner), the harness still starts compiled children.
  return basename(here) === 'dist' ? here : join(here, 'dist')
}

/**
 * The path of one of this program's scripts, compiled, such as `harness/subject/host.js`. Throws a
 * `MachineError` when it has not been built.
 */
export function scriptPath(name: string): string {
  const path = join(compiled(), name)
  if (!existsSync(path)) {
    throw new MachineError('MISSING', `${path} is not there`, 'Run `npm run build`.')
  }
  return path
}
