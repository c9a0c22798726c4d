import { readdirSync, readFileSync } from 'node:fs'
import { isWithin } from './mounts.ts'

function temporaryDirectoryOf(pid: string): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return variables.find((each) => each.startsWith('TMPDIR='))?.slice('TMPDIR='.length)
  } catch {
    return undefined
  }
}

/**
 * The processes that were given a temporary directory in a volume's folder (canonical): nobody but its
 * owner starts such, and when it is dead they would go on to write where the volume was.
 */
export function orphansOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isWithin(folder, temporaryDirectoryOf(pid) ?? ''))
    .map(Number)
}
