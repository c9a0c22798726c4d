import { readdirSync, readFileSync } from 'node:fs'
import type { MountNamespace } from '../process/namespace.ts'

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  mountPoint: string
  /** The minor number of its device, by which the kernel names a FUSE connection. */
  minor: string
  /** The options of this mount, such as `rw,relatime`. */
  options: string
  /** Such as `ext4`. */
  fsType: string
  /** The device, such as `/dev/loop3`. */
  source: string
  /** The options of the file system itself, such as `rw,data=journal`. */
  superOptions: string
}

/** A space, tab, newline or backslash stands there as three octal digits. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  )
}

/** The mounts in the text of a mountinfo file, in its order; what is no such line is left out. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    // Any number of optional fields may stand before the ` - `.
    const [before = '', after = ''] = line.split(' - ')
    const [, , device = '', , mountPoint, options] = before.split(' ')
    const [fsType, source, superOptions = ''] = after.split(' ')
    if (mountPoint === undefined || options === undefined) return []
    if (fsType === undefined || source === undefined) return []
    return [
      {
        mountPoint: unescaped(mountPoint),
        minor: device.split(':')[1] ?? '',
        options,
        fsType,
        source: unescaped(source),
        superOptions,
      },
    ]
  })
}

/** What a process or thread (as /proc names it) sees mounted, the topmost of a stack last. */
export function mountsSeenBy(thread = '/proc/self'): Mount[] {
  return parseMountinfo(readFileSync(`${thread}/mountinfo`, 'utf8'))
}

/** Whether `path` is `folder` or below it. Both are canonical. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** What is mounted at a path (canonical), the topmost last. */
export function mountsAt(path: string): Mount[] {
  return mountsSeenBy().filter(({ mountPoint }) => mountPoint === path)
}

/** What is mounted at a path (canonical) or below it; of a namespace, what its thread sees there. */
export function mountsWithin(path: string, namespace?: MountNamespace): Mount[] {
  return mountsSeenBy(namespace?.thread).filter(({ mountPoint }) => isWithin(path, mountPoint))
}

const BLOCK_DEVICES = '/sys/block'

function backingFileOf(name: string): string | null {
  try {
    return readFileSync(`${BLOCK_DEVICES}/${name}/loop/backing_file`, 'utf8').replace(/\n$/, '')
  } catch {
    return null
  }
}

const DELETED = ' (deleted)'

/** A loop device, and the file that it stands on, even when that is deleted. */
export interface LoopDevice {
  /** Such as `/dev/loop3`. */
  device: string
  file: string
}

/** Every loop device that stands on a file. */
export function loopDevices(): LoopDevice[] {
  return readdirSync(BLOCK_DEVICES)
    .filter((name) => name.startsWith('loop'))
    .flatMap((name) => {
      const file = backingFileOf(name)
      if (file === null) return []
      const path = file.endsWith(DELETED) ? file.slice(0, -DELETED.length) : file
      return [{ device: `/dev/${name}`, file: path }]
    })
}

/** The loop devices that stand on a file (canonical), such as `/dev/loop3`, even when it is deleted. */
export function loopDevicesOn(imagePath: string): string[] {
  return loopDevices().flatMap(({ device, file }) => (file === imagePath ? device : []))
}
