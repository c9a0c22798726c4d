import { onTestFinished, test } from 'vitest'
import { HOME } from '../../../subjects/home.ts'
import { scratch } from '../../volume/testing/scene.ts'
import { diskSubjectHost } from '../disk-subject-host.ts'
import { lacksForPowerCuts } from '../requirements.ts'
import { Rig, type RigOptions } from '../rig.ts'

const lacking = (
  await Promise.all((['ext4', 'xfs'] as const).map((each) => lacksForPowerCuts(each)))
).flat()

/** For tests that cut the power; what is missing for them stands in `NEEDS`, for their titles. */
export const testPowerCuts = test.skipIf(lacking.length > 0)
export const NEEDS =
  lacking.length > 0
    ? ` (needs ${[...new Set(lacking.map(({ what }) => what))].join('; and ')})`
    : ''

/** A rig for our log, undone when the test ends. */
export async function rigFor(
  options: Omit<RigOptions, 'host'> & Partial<Pick<RigOptions, 'host'>>,
): Promise<Rig> {
  const rig = await Rig.create({
    host: diskSubjectHost(HOME),
    stateDirectory: scratch(),
    ...options,
  })
  onTestFinished(() => rig.remove())
  return rig
}
