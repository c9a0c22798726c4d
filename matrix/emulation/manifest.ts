import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** The manifest of a part. Throws what reading it throws. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, MANIFEST_FILE), 'utf8')) as Manifest
}
