import type { DebianSource } from './apt-configuration.ts'
import type { DebianDownload } from './debian.ts'

/** Something that emulation needs and that is kept in the cache. */
export interface Part {
  /** Its name in the cache. */
  name: string
  /** What it is, for people. */
  what: string
  /** Fills a folder with it; returns what came from Debian, if anything did. */
  make(folder: string, source: DebianSource, signal: AbortSignal): Promise<DebianDownload | null>
}

/** Where a part downloads to: beside the folder that it fills, so that it goes with the workplace. */
export const downloadsOf = (folder: string): string => `${folder}.apt`
