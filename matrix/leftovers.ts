import { type Leftover, removeLeftover, surveyState } from '../harness/volume/leftovers.ts'
import { findHalfMade } from './emulation/cache.ts'
import { removeOwnedFolder } from './owned-folder.ts'
import { findWorkingFolders } from './working-folder.ts'

/** Something that a killed run left behind, or that is not known to be anybody's. */
export interface LeftoverLine {
  directory: string
  what: string
}

/** What became of one of them. */
export interface Cleaned {
  directory: string
  removed: boolean
  problem: string | null
}

function describe({ mountPoint, loopDevices }: Leftover): string {
  const mounted = mountPoint === null ? 'not mounted' : 'mounted'
  return [mounted, ...loopDevices].join(', ')
}

/** What killed runs left, and what stands among it that nobody will touch. */
export function listLeftovers(): { leftovers: LeftoverLine[]; foreign: LeftoverLine[] } {
  const { leftovers, foreign } = surveyState()
  return {
    leftovers: [
      ...leftovers.map((each) => ({ directory: each.directory, what: describe(each) })),
      ...findWorkingFolders().map((directory) => ({ directory, what: 'a folder' })),
      ...findHalfMade().map((directory) => ({ directory, what: 'an unfinished download' })),
    ],
    foreign: foreign.map(({ directory, reason }) => ({ directory, what: reason })),
  }
}

/** Removes what killed runs left, each on its own. */
export async function cleanLeftovers(): Promise<Cleaned[]> {
  const removals = [
    ...surveyState().leftovers.map((leftover) => ({
      directory: leftover.directory,
      remove: () => removeLeftover(leftover),
    })),
    ...[...findWorkingFolders(), ...findHalfMade()].map((directory) => ({
      directory,
      remove: async () => removeOwnedFolder(directory),
    })),
  ]
  const cleaned: Cleaned[] = []
  for (const { directory, remove } of removals) {
    try {
      await remove()
      cleaned.push({ directory, removed: true, problem: null })
    } catch (error) {
      cleaned.push({ directory, removed: false, problem: (error as Error).message })
    }
  }
  return cleaned
}

/** What became of one of them, in words. */
export function cleanedInWords({ directory, removed, problem }: Cleaned): string {
  return removed ? `removed ${directory}` : `could not remove ${directory}: ${problem}`
}
