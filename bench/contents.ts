import { SECTOR_BYTES } from '../harness/crash-states/device-request.ts'
import { cutPower } from '../harness/power-cut/campaign.ts'
import { diskSubjectHost } from '../harness/power-cut/disk-subject-host.ts'
import { lacksForPowerCuts } from '../harness/power-cut/requirements.ts'
import { Rig } from '../harness/power-cut/rig.ts'
import type { FileSystemName } from '../harness/volume/file-systems/index.ts'
import { HOME } from '../subjects/home.ts'
import type { BenchResult } from './result.ts'

/** What a step has left of its 18 seconds when its controls are caught. */
const FOR_MS = 12_000
const SEED = 1

/** Different contents of the log's directory that a campaign judges, against one that leaves no recording early. */
async function benchOn(fileSystem: FileSystemName): Promise<BenchResult> {
  const rig = await Rig.create({ fileSystem, host: diskSubjectHost(HOME) })
  const options = { subject: 'wal', seed: SEED, tearBytes: SECTOR_BYTES, extent: { forMs: FOR_MS } }
  try {
    const to = await cutPower(rig, { ...options, patienceStates: Number.POSITIVE_INFINITY })
    const as = await cutPower(rig, options)
    const words = ({ contents, tried, rounds }: typeof as): string =>
      `${contents} contents in ${tried} states of ${rounds} recordings`
    return {
      what: `distinct contents on ${fileSystem} in ${FOR_MS / 1000} s`,
      figure: words(as),
      baseline: `every state of a recording before the next: ${words(to)}`,
      ratio: as.contents / to.contents,
      wanted: 3,
    }
  } finally {
    await rig.remove()
  }
}

/** How many different contents power cuts of ext4 and xfs show; nothing where that can't be done. */
export async function benchContents(): Promise<BenchResult[]> {
  if ((await lacksForPowerCuts('xfs')).length > 0) return []
  return [await benchOn('ext4'), await benchOn('xfs')]
}
