import { writeFileSync } from 'node:fs'
import { execa } from 'execa'
import type { Recording } from '../crash-states/recording.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { type MountNamespace, namedOutside } from '../process/namespace.ts'
import { mounterAfterPowerCut } from '../volume/after-power-cut.ts'
import { guard, unguard } from '../volume/at-exit.ts'
import type { Mounter } from '../volume/mounter.ts'
import { openStateDirectory } from '../volume/state-directory.ts'
import { undo } from '../volume/undo.ts'
import { imageOf, makeVolumeFolder, mountPointOf } from '../volume/volume-folder.ts'

/**
 * Whether a recording's states can be read without the kernel. e2fsck 1.47 does not replay the fast
 * commits of a directory entry whose directory is new.
 */
export function readableWithoutMount({
  fileSystem,
  variant,
}: Pick<Recording, 'fileSystem' | 'variant'>): boolean {
  return fileSystem === 'ext4' && variant !== 'fast_commit'
}

export interface WithoutMountOptions {
  stateDirectory?: string
  signal?: AbortSignal
}

/** Exit codes of e2fsck(8) below this say that the file system is sound now. */
const E2FSCK_UNCORRECTED = 4

async function run(file: string, args: string[], signal: AbortSignal | undefined) {
  const result = await execa(file, args, {
    env: CHILD_ENVIRONMENT,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    ...(signal && { cancelSignal: signal }),
  })
  signal?.throwIfAborted()
  if (result.exitCode !== undefined) return result
  throw new MachineError(
    'MISSING',
    `${file} cannot be run: ${result.shortMessage ?? 'it gave no reason'}`,
    'Run `apt-get install e2fsprogs`.',
    { cause: result },
  )
}

/**
 * What debugfs complains of: it says so on its standard error, below its own version, and still exits with 0.
 * That the copies are not the owner's does not matter.
 */
function complaintIn(stderr: string): string | undefined {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !/^debugfs \d/.test(line))
    .find((line) => !/while (changing ownership|setting permissions|setting times) of/.test(line))
}

/**
 * Lets `use` look at the files of an ext4 image, below a directory, without mounting it: e2fsck replays
 * its journal and debugfs copies the files out, which needs no root and none of the kernel's code.
 * Throws `CannotJudge` when e2fsck can't replay it or debugfs can't read it, and a `MachineError`.
 */
export async function withoutMount<T>(
  image: Uint8Array,
  options: WithoutMountOptions,
  use: (root: string, namespace?: MountNamespace) => Promise<T>,
): Promise<T> {
  const stateDirectory = openStateDirectory(options.stateDirectory)
  const guarded = guard(() => makeVolumeFolder(stateDirectory, 'ext4-image', image.length))
  const { folder } = guarded
  let mounter: Mounter | undefined
  try {
    writeFileSync(imageOf(folder), image)
    // Not -f, which would repair what a mount does not.
    const journal = ['-y', '-E', 'journal_only', imageOf(folder)]
    const replayed = await run('e2fsck', journal, options.signal)
    if ((replayed.exitCode ?? 0) >= E2FSCK_UNCORRECTED) {
      throw new CannotJudge(
        `e2fsck cannot replay its journal: ${replayed.stderr || replayed.stdout}`,
      )
    }
    const dump = ['-R', `rdump / ${mountPointOf(folder)}`, imageOf(folder)]
    const complaint = complaintIn((await run('debugfs', dump, options.signal)).stderr)
    if (complaint !== undefined) throw new CannotJudge(`debugfs cannot read it: ${complaint}`)
    // Without root there is no other boot to show, and no mount to hide.
    if (process.geteuid?.() !== 0) return await use(mountPointOf(folder))
    mounter = await mounterAfterPowerCut(folder)
    const { namespace } = mounter
    return await use(namedOutside(namespace, mountPointOf(folder)), namespace)
  } finally {
    await mounter?.end()
    await undo(folder)
    unguard(guarded)
  }
}
