import { statfsSync } from 'node:fs'
import { MachineError } from '../process/machine-error.ts'
import { FILE_SYSTEMS, type FileSystemName } from './file-systems/index.ts'
import { loopDevicesOn, type Mount, mountsAt } from './mounts.ts'

/**
 * What is mounted there, after proof that it is what was asked for: by statfs(2), by the kernel's list
 * of mounts, and by the file that its device stands on. Throws a `MachineError` when it is not.
 */
export function proveMount(
  mountPoint: string,
  imagePath: string,
  fileSystem: FileSystemName,
): Mount {
  const mounts = mountsAt(mountPoint)
  const [mount] = mounts
  const { type } = statfsSync(mountPoint)
  const devices = loopDevicesOn(imagePath)
  if (
    mount !== undefined &&
    mounts.length === 1 &&
    mount.fsType === fileSystem &&
    type === FILE_SYSTEMS[fileSystem].magic &&
    devices.includes(mount.source)
  ) {
    return mount
  }
  const listed = mounts.map(({ fsType, source }) => `${fsType} on ${source}`).join(', ')
  throw new MachineError(
    'BROKEN',
    `${mountPoint} should be ${fileSystem} on a loop device of ${imagePath}, but statfs says 0x${type.toString(16)}, the kernel lists ${listed || 'no mount'}, and the image is on ${devices.join(', ') || 'no device'}`,
    'See the kernel’s log (dmesg), and what else mounts things on this machine.',
  )
}
