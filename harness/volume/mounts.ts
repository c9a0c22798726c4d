import { readdirSync, readFileSync } from 'node:fs'

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

/** What this process sees mounted, the topmost of a stack last. */
function readMounts(): Mount[] {
  return parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'))
}

/** Whether `path` is `folder` or below it. Both are canonical. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** What is mounted at a path (canonical), the topmost last. */
export function mountsAt(path: string): Mount[] {
  return readMounts().filter(({ mountPoint }) => mountPoint === path)
}

/** What is mounted at a path (canonical) or below it. */
export function mountsWithin(path: string): Mount[] {
  return readMounts().filter(({ mountPoint }) => isWithin(path, mountPoint))
}

const BLOCK_DEVICES = '/sys/block'

function backingFileOf(name: string): string | null {
  try {
    return readFileSync(`${BLOCK_DEVICES}/${name}/loop/backing_file`, 'utf8').replace(/\n$/, '')
  } catch {
    return null
  }
}

/** The loop devices that stand on a file (canonical), such as `/dev/loop3`, even when it is deleted. */
export function loopDevicesOn(imagePath: string): string[] {
  return readdirSync(BLOCK_DEVICES)
    .filter((name) => name.startsWith('loop'))
    .filter((name) => {
      const file = backingFileOf(name)
      return file === imagePath || file === `${imagePath} (deleted)`
    })
    .map((name) => `/dev/${name}`)
}
