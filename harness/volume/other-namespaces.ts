import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { allProcesses } from '../process/namespaces.ts'
import { isWithin, type Mount, parseMountinfo } from './mounts.ts'

/** A mount in a mount namespace that is not this process's. */
export interface MountElsewhere extends Mount {
  /** The namespace, as a file. */
  namespace: string
}

function readOrNothing(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

function holdsFile(procNumber: number, path: string): boolean {
  try {
    const files = `/proc/${procNumber}/fd`
    return readdirSync(files).some(
      (name) => readOrNothing(() => readlinkSync(`${files}/${name}`)) === path,
    )
  } catch {
    return false
  }
}

/** What is mounted in a folder (canonical) or below it, in other mount namespaces. */
export function mountsElsewhere(folder: string): MountElsewhere[] {
  const seen = new Set([readOrNothing(() => readlinkSync('/proc/self/ns/mnt')), ''])
  return allProcesses().flatMap((number) => {
    const namespace = `/proc/${number}/ns/mnt`
    const name = readOrNothing(() => readlinkSync(namespace))
    if (seen.has(name)) return []
    seen.add(name)
    return parseMountinfo(readOrNothing(() => readFileSync(`/proc/${number}/mountinfo`, 'utf8')))
      .filter(({ mountPoint }) => isWithin(folder, mountPoint))
      .map((mount) => ({ ...mount, namespace }))
  })
}

/** Whether a loop device, such as `/dev/loop3`, is mounted in any namespace, or open anywhere. */
export function isDeviceUsed(device: string): boolean {
  return allProcesses().some((number) => {
    const text = readOrNothing(() => readFileSync(`/proc/${number}/mountinfo`, 'utf8'))
    if (parseMountinfo(text).some(({ source }) => source === device)) return true
    return holdsFile(number, device)
  })
}

/**
 * Unmounts what is mounted in a folder (canonical) in other mount namespaces, which have copies of every mount
 * of the moment in which they were made, the topmost first. One who is busy there keeps it until it is done.
 */
export function unmountElsewhere(folder: string): void {
  for (const { namespace, mountPoint } of mountsElsewhere(folder).reverse()) {
    const options = { env: CHILD_ENVIRONMENT, stdio: 'ignore' } as const
    spawnSync('umount', ['--lazy', '--namespace', namespace, mountPoint], options)
  }
}
