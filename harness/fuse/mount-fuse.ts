import { closeSync, openSync } from 'node:fs'
import { MachineError } from '../process/machine-error.ts'
import type { SystemCalls } from '../process/system-calls.ts'

/**
 * Opens /dev/fuse and mounts it at a path; returns the descriptor on which the requests come. `options` are
 * those of the mount without its descriptor (Documentation/filesystems/fuse.rst). Throws a `MachineError`.
 */
export function mountFuse(calls: SystemCalls, path: string, options: string): number {
  let fuse: number
  try {
    fuse = openSync('/dev/fuse', 'r+')
  } catch (cause) {
    throw new MachineError(
      'MISSING',
      `/dev/fuse cannot be opened: ${(cause as Error).message}`,
      'Run `modprobe fuse`, or the container with --privileged.',
      { cause },
    )
  }
  try {
    calls.mount('pullplug', path, 'fuse', 0, `fd=${fuse},${options}`)
    return fuse
  } catch (cause) {
    closeSync(fuse)
    throw new MachineError(
      'BROKEN',
      `nothing can be served over FUSE: ${(cause as Error).message}`,
      'Run it as root, and in a container with --privileged.',
      { cause },
    )
  }
}
