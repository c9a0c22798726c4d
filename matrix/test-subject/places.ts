import type { Tier, TierPlace } from '../../harness/tier.ts'
import { FILE_SYSTEMS, type FileSystemName } from '../../harness/volume/file-systems/index.ts'

/** A folder below the temporary directory, on whatever file system that is: it needs no volume. */
export const TEMPORARY = 'tmpdir'

/** Where a subject is hurt. */
export type PlaceName = FileSystemName | typeof TEMPORARY

/** All places, by the names that a command line gives them. */
export const PLACE_NAMES: readonly PlaceName[] = [
  ...(Object.keys(FILE_SYSTEMS) as FileSystemName[]),
  TEMPORARY,
]

/** What a tier is given for a place; `folder` is one that is there for it. */
export const placeIn = (folder: string, name: PlaceName): TierPlace =>
  name === TEMPORARY ? { folder } : { fileSystem: name }

/** A tier, where it is to run, and what is missing for that, in a sentence; null where nothing is. */
export interface Work {
  tier: Tier
  fileSystem: PlaceName
  lacks: string | null
}

/**
 * Pairs tiers with the file systems that were asked for. One that can run on none of them runs `otherwise`, once, if
 * it can there.
 */
export async function choosePlaces(
  tiers: readonly Tier[],
  asked: { fileSystems: readonly PlaceName[]; otherwise: PlaceName | null },
): Promise<Work[]> {
  const workOf = async (tier: Tier, fileSystem: PlaceName): Promise<Work> => {
    return { tier, fileSystem, lacks: await tier.lacks(placeIn('', fileSystem)) }
  }
  const { fileSystems, otherwise } = asked
  const works: Work[] = []
  for (const fileSystem of fileSystems) {
    for (const tier of tiers) works.push(await workOf(tier, fileSystem))
  }
  if (otherwise === null) return works
  const unable = tiers.filter((tier) =>
    works.every((work) => work.tier !== tier || work.lacks !== null),
  )
  const others = await Promise.all(unable.map((tier) => workOf(tier, otherwise)))
  const moved = new Map(
    others.filter(({ lacks }) => lacks === null).map((work) => [work.tier, work]),
  )
  return works.flatMap((work) => {
    const other = moved.get(work.tier)
    if (other === undefined) return work
    return work.fileSystem === fileSystems[0] ? other : []
  })
}
