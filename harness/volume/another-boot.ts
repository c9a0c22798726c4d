import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MOUNT_FLAG } from '../process/system-calls.ts'
import type { Mounter } from './mounter.ts'

const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/**
 * Lets the processes of a mount namespace see another boot id than everybody else, as after a power cut: some
 * programs trust what was never synced while it is the same (lmdb). `folder` keeps the file with it. Throws the
 * operating system's error, or a `MachineError`.
 */
export async function showAnotherBoot(mounter: Mounter, folder: string): Promise<void> {
  const file = join(folder, 'boot-id')
  writeFileSync(file, `${randomUUID()}\n`)
  await mounter.mount(file, BOOT_ID, 'none', MOUNT_FLAG.bind, null)
}
