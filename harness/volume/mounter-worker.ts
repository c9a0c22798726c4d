import { readlinkSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { loadSystemCalls, MOUNT_FLAG, UNMOUNT_FLAG, UNSHARE_FLAG } from '../process/system-calls.ts'
import { dropCopy } from './drop-copy.ts'
import { FILE_SYSTEMS } from './file-systems/index.ts'
import type { MounterData, MounterMessage, MounterRequest } from './mounter-protocol.ts'
import { isWithin, type Mount, mountsSeenBy } from './mounts.ts'

const THIS_THREAD = '/proc/thread-self'

const { needed } = workerData as MounterData
const calls = await loadSystemCalls()

function say(message: MounterMessage): void {
  parentPort?.postMessage(message)
}

/** From now on, what is mounted elsewhere comes and goes here as well, and what is mounted here stays here. */
function becomeSlave(): void {
  try {
    calls.mount('none', '/', null, MOUNT_FLAG.recursive | MOUNT_FLAG.slave, null)
  } catch (error) {
    // In a chroot / is no mount. What is mounted there can be seen, and the proof that a device is free remains.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  }
}

/** A volume or a device's file: a copy of it would stand in the way of whoever undoes it. */
function isVolume({ fsType, source }: Mount): boolean {
  return source.startsWith('/dev/loop') ? fsType in FILE_SYSTEMS : source === 'pullplug'
}

function dropCopies(): void {
  const copies = mountsSeenBy(THIS_THREAD).filter(
    (mount) => isVolume(mount) && !needed.some((path) => isWithin(mount.mountPoint, path)),
  )
  for (const { mountPoint } of copies.reverse()) {
    dropCopy(mountPoint, {
      unmount: (path) => calls.unmount(path, UNMOUNT_FLAG.detach),
      isMounted: (path) => mountsSeenBy(THIS_THREAD).some((mount) => mount.mountPoint === path),
    })
  }
}

function obey(request: MounterRequest): MounterMessage {
  try {
    if (request.call === 'mount') calls.mount(...request.args)
    else calls.unmount(...request.args)
    return { failed: null }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return { failed: { code, message } }
  }
}

calls.unshare(UNSHARE_FLAG.mountNamespace)
becomeSlave()
dropCopies()
parentPort?.on('message', (request: MounterRequest) => say(obey(request)))
say({ thread: `/proc/${readlinkSync(THIS_THREAD)}` })
