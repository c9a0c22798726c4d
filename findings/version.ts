import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { MachineError } from '../harness/process/machine-error.ts'
import { packageRoot, packageVersion } from '../matrix/package-root.ts'
import type { VersionSource } from './row.ts'

/** By its own name, where it is installed under another. */
function packageIn(folder: string): string {
  const path = join(packageRoot, 'subjects', 'node_modules', folder, 'package.json')
  const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as {
    name: string
    version: string
  }
  return `${name} ${version}`
}

/** The subject's name and version, as it is installed here. Throws a `MachineError`. */
export function versionOf(source: VersionSource): string {
  if (source === 'ours') return `Pullplug ${packageVersion}`
  try {
    if ('package' in source) return packageIn(source.package)
    const [program = '', ...args] = source.command
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  } catch (cause) {
    const what = 'package' in source ? source.package : source.command[0]
    throw new MachineError(
      'MISSING',
      `the version of ${what} cannot be told: ${(cause as Error).message.split('\n')[0]}`,
      'Run npm ci --prefix subjects, or install what is missing.',
      { cause },
    )
  }
}

/** Such as `Linux 6.18, Node 20.20`: what the findings of a run depend on, and no name of a machine. */
export function thisMachine(): string {
  const twoNumbers = (version: string): string => version.split('.').slice(0, 2).join('.')
  return `Linux ${twoNumbers(release())}, Node ${twoNumbers(process.versions.node)}`
}
