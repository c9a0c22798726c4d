import { imageOfState } from '../../crash-states/image.ts'
import { stateLosing } from '../../crash-states/losses.ts'
import { epochsOf, type Recording } from '../../crash-states/recording.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import { isSystemError } from '../../process/error-report.ts'
import { type LoopMountOptions, loopMounted } from '../device/loop-mount.ts'
import { filesOnDisk } from './files-on-disk.ts'
import { VolumeView } from './named-files.ts'
import { Owners } from './owners.ts'

/** How many flushes behind a cut the volume is looked at, beside the recording's end. */
const FLUSHES_BEHIND = [0, 1, 2] as const

/**
 * Whose the writes of a recording are, by what the volume held about a cut had nothing been lost: what is on its way to
 * the disk belongs to files of a moment later. Throws a `MachineError`, and what the signal was aborted with.
 */
export async function ownersAt(
  recording: Recording,
  cut: number,
  options: LoopMountOptions,
): Promise<Owners> {
  const epochs = epochsOf(recording)
  const at = epochs.findIndex(({ endPosition }) => endPosition === cut)
  const looked = new Set([...FLUSHES_BEHIND.map((behind) => epochs[at + behind]), epochs.at(-1)])
  const views: VolumeView[] = []
  for (const epoch of looked) {
    if (epoch === undefined) continue
    const image = imageOfState(recording, stateLosing(epoch, [], null))
    const files = await loopMounted(image, recording, options, filesOnDisk).catch(nothing)
    views.push(new VolumeView(files))
  }
  return new Owners(recording, views)
}

/** What can't be mounted or read names nothing. */
function nothing(error: unknown): never[] {
  if (error instanceof CannotJudge || isSystemError(error)) return []
  throw error
}
