import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotRead } from '../../harness/files/cannot-read.ts'
import { readText } from '../../harness/files/read-text.ts'
import { parseStrictly } from '../../harness/files/strict-json.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import type { DebianSource } from './apt-configuration.ts'
import type { DebianDownload } from './debian.ts'

const MANIFEST_FILE = 'manifest.json'

/** What a part of the cache is made of: where it came from, and the versions by name. */
export interface Manifest {
  from: string
  /** When the list of packages was made. */
  listedAt: string
  versions: Record<string, string>
}

export function writeManifest(
  folder: string,
  { mirror, suite }: DebianSource,
  { listedAt, versions }: DebianDownload,
): void {
  const manifest: Manifest = { from: `${mirror} ${suite}`, listedAt, versions }
  writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
}

const MAX_BYTES = 1024 * 1024

/** The manifest of a part. Throws a `MachineError` when it is none, such as one that was cut short. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE)
  try {
    const manifest = parseStrictly(readText(path, { maxBytes: MAX_BYTES })) as Manifest | null
    const versions = Object.values(manifest?.versions ?? [])
    if (versions.length === 0 || versions.some((version) => typeof version !== 'string')) {
      throw new CannotRead('names no versions')
    }
    return manifest as Manifest
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `${path} cannot be read: it ${(cause as Error).message}`,
      `Remove ${folder}, and run \`pullplug setup\` again.`,
      { cause },
    )
  }
}
