import { readFileSync, statSync } from 'node:fs'

const MAX_BYTES = 1024 * 1024

/** The text of a file that is looked at for a hint; empty where there is none, or none that is worth a look. */
export function smallTextOf(path: string): string {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= MAX_BYTES ? readFileSync(path, 'utf8') : ''
  } catch {
    return ''
  }
}
