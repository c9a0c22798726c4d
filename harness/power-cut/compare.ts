import { join } from 'node:path'
import { imageOfState } from '../crash-states/image.ts'
import type { Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import { filesIn } from '../files/files-in.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { SUBJECT_DIRECTORY } from './record.ts'
import { withoutMount } from './without-mount.ts'

type Files = ReadonlyMap<string, Uint8Array>

function sameFiles(a: Files, b: ReadonlyMap<string, Buffer>): boolean {
  return a.size === b.size && [...a].every(([name, bytes]) => b.get(name)?.equals(bytes) === true)
}

/**
 * Whether e2fsck and debugfs read the same subject's files of a state as the kernel did when it mounted it.
 * Throws a `MachineError` or a system error where they could not be asked.
 */
export async function readsTheSame(
  recording: Recording,
  state: CrashState,
  mounted: Files,
): Promise<boolean> {
  try {
    return await withoutMount(imageOfState(recording, state), {}, async (root) =>
      sameFiles(mounted, filesIn(join(root, SUBJECT_DIRECTORY))),
    )
  } catch (error) {
    // The kernel mounted it.
    if (error instanceof CannotJudge) return false
    throw error
  }
}
