import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CHILD_ENVIRONMENT } from './process/environment.ts'
import { needsInWords } from './process/lack.ts'
import type { TierOptions, TierPlace } from './tier.ts'
import { lacksFor, thisMachine } from './volume/requirements.ts'
import { createVolume } from './volume/volume.ts'

/** Large enough for a compaction beside what it compacts. */
const VOLUME_BYTES = 512 * 1024 * 1024

/** What is missing here for a place to be made, in a sentence; null where nothing is. */
export function lacksForPlace(place: TierPlace): string | null {
  if ('folder' in place) return null
  return needsInWords(lacksFor(place.fileSystem, thisMachine(CHILD_ENVIRONMENT.PATH ?? '')))
}

/** Does something in a folder of that name, which is there for it alone, or in a volume. Throws as it, and a `MachineError`. */
export async function inPlace<T>(
  { place, signal }: Pick<TierOptions, 'place' | 'signal'>,
  name: string,
  act: (root: string) => Promise<T>,
): Promise<T> {
  if ('folder' in place) {
    const root = join(place.folder, name)
    mkdirSync(root)
    try {
      return await act(root)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }
  const { fileSystem } = place
  const volume = await createVolume({ fileSystem, sizeBytes: VOLUME_BYTES, signal })
  try {
    return await act(volume.mountPoint)
  } finally {
    await volume.remove()
  }
}
