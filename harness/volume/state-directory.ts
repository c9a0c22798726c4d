import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MachineError } from '../process/machine-error.ts'

const userId = (): number => process.getuid?.() ?? 0

/** Where volumes are, each in a folder of its own: below the temporary directory, this user's alone. */
export function defaultStateDirectory(): string {
  return join(tmpdir(), `pullplug-${userId()}`, 'volumes')
}

/**
 * Why a directory (canonical) must not be trusted with mounts, in words; null when it may. Where others
 * can write, they could put a link in place of what is about to be mounted on, or removed.
 */
export function whyNotTrusted(directory: string): string | null {
  const stat = lstatSync(directory)
  if (!stat.isDirectory()) return 'it is not a directory'
  if (stat.uid !== userId()) return `it belongs to user ${stat.uid}`
  if ((stat.mode & 0o022) !== 0) return 'others can write to it'
  return null
}

function makeTrusted(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const distrust = whyNotTrusted(directory)
  if (distrust !== null) throw new Error(`${directory}: ${distrust}`)
  return directory
}

/**
 * Makes the directory that volumes are made in, unless it is there, and returns its canonical path,
 * which is how the kernel names mounts. Throws a `MachineError` when it can't, or when somebody else
 * could meddle with it.
 */
export function openStateDirectory(directory: string | undefined): string {
  try {
    if (directory !== undefined) {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      return makeTrusted(realpathSync(directory))
    }
    const ours = makeTrusted(join(realpathSync(tmpdir()), `pullplug-${userId()}`))
    return makeTrusted(join(ours, 'volumes'))
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `no volume can be made in ${directory ?? defaultStateDirectory()}: ${(cause as Error).message}`,
      'Set TMPDIR to a directory that is yours and has some space, or remove what stands in the way.',
      { cause },
    )
  }
}
