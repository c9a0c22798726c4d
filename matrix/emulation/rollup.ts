import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { readText } from '../../harness/files/read-text.ts'
import { OWN_MARK } from '../../harness/process/environment.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { MAX_PACKAGE_BYTES, packageRoot } from '../package-root.ts'
import type { Guest } from './guest.ts'
import { withoutNpm } from './npm-environment.ts'
import type { Part } from './part.ts'

const INSTALLED = join(packageRoot, 'node_modules/rollup/package.json')
const TIMEOUT_MS = 5 * 60 * 1000

/** The machine code of the test runner; null where there is no test runner, as in an installed package. */
export function rollupOf({ arch, rollup }: Guest): Part | null {
  if (!existsSync(INSTALLED)) return null
  const { version } = JSON.parse(
    readText(INSTALLED, { maxBytes: MAX_PACKAGE_BYTES, followLink: true }),
  ) as { version: string }
  const wanted = `${rollup}@${version}`
  return {
    name: `rollup-${version}-${arch}`,
    what: wanted,
    async make(folder, _, signal) {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
      // --force, since npm refuses what is for another machine than this one.
      const flags = ['--force', '--ignore-scripts', '--no-audit', '--no-fund']
      const result = await execa('npm', ['install', ...flags, wanted], {
        cwd: folder,
        env: { ...withoutNpm(), ...OWN_MARK },
        reject: false,
        all: true,
        stdin: 'ignore',
        timeout: TIMEOUT_MS,
        cancelSignal: signal,
      })
      signal.throwIfAborted()
      if (!result.failed && existsSync(join(folder, 'node_modules', rollup))) return null
      const why = result.all?.split('\n').find((line) => line.includes('error'))
      throw new MachineError(
        'BROKEN',
        `npm could not install ${wanted}: ${why ?? result.shortMessage}`,
        'Check the network and npm’s registry (`npm config get registry`), and try again.',
        { cause: result },
      )
    },
  }
}
