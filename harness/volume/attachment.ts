import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { readText } from '../files/read-text.ts'
import { loopDevices, loopDevicesOn } from './mounts.ts'
import { attachmentOf, imageOf } from './volume-folder.ts'

const MAX_BYTES = 100

/**
 * The number that names what a block device holds now, and that no other device has ever had since the boot (Linux 5.15,
 * Documentation/ABI/stable/sysfs-block, `diskseq`); null where the kernel tells none.
 */
function sequenceOf(device: string): string | null {
  try {
    return readFileSync(`/sys/block/${basename(device)}/diskseq`, 'utf8').trim()
  } catch {
    return null
  }
}

/**
 * Notes in a volume's folder which loop device its image was attached to. The kernel tells a device by the path of its
 * file, which is lost with the mount namespace that it was attached in, or with the file's own mount.
 */
export function noteAttachment(folder: string, device: string): void {
  const sequence = sequenceOf(device)
  if (sequence !== null) writeFileSync(attachmentOf(folder), `${device} ${sequence}\n`)
}

function noted(folder: string): string | null {
  try {
    const [device = '', sequence] = readText(attachmentOf(folder), { maxBytes: MAX_BYTES })
      .trim()
      .split(' ')
    return sequence !== undefined && sequenceOf(device) === sequence ? device : null
  } catch {
    // It was never attached, or is of a kernel that tells no number.
    return null
  }
}

/** The loop devices on a volume's image, such as `/dev/loop3`: by its path, and by what was noted. */
export function loopDevicesOf(folder: string): string[] {
  const device = noted(folder)
  const isAttached = loopDevices().some((each) => each.device === device)
  const devices = loopDevicesOn(imageOf(folder))
  return device !== null && isAttached ? [...new Set([...devices, device])] : devices
}
