import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectories } from '../process/make-directories.ts'
import { MOUNT_FLAG } from '../process/system-calls.ts'
import { Mounter } from './mounter.ts'
import { mountPointOf, PLACE } from './volume-folder.ts'

const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/**
 * Lets the processes of a mount namespace see another boot id than everybody else, as after a power cut: some
 * programs trust what was never synced while it is the same (lmdb).
 */
async function showAnotherBoot(mounter: Mounter, folder: string): Promise<void> {
  const file = join(folder, 'boot-id')
  writeFileSync(file, `${randomUUID()}\n`)
  await mounter.mount(file, BOOT_ID, 'none', MOUNT_FLAG.bind, null)
}

/**
 * Lets the processes of a mount namespace find what is mounted in `folder` at a path that is the same for every
 * volume of a state directory: a program may keep its own path. The two mount points are peers, so that the kernel
 * mounts and unmounts at both (Documentation/filesystems/sharedsubtree.rst).
 */
async function showAtOnePlace(mounter: Mounter, folder: string): Promise<void> {
  const from = mountPointOf(folder)
  const to = join(dirname(folder), PLACE)
  makeDirectories(to, 0o700)
  await mounter.mount(from, from, 'none', MOUNT_FLAG.bind, null)
  for (const flag of [MOUNT_FLAG.private, MOUNT_FLAG.shared]) {
    await mounter.mount('none', from, 'none', flag, null)
  }
  await mounter.mount(from, to, 'none', MOUNT_FLAG.bind, null)
  mounter.namespace.seenAt = { from, to }
}

/**
 * Starts what mounts a volume in `folder` (canonical) for processes to which all is as after a power cut: they see
 * another boot, and their files at the path where they had been. Throws a `MachineError`, or the operating system's
 * error.
 */
export async function mounterAfterPowerCut(folder: string): Promise<Mounter> {
  const mounter = await Mounter.start(folder)
  try {
    await showAnotherBoot(mounter, folder)
    await showAtOnePlace(mounter, folder)
    return mounter
  } catch (error) {
    await mounter.end()
    throw error
  }
}
