import { MachineError } from '../process/machine-error.ts'

/** A command that made or mounted a file system, and failed. */
export interface Failure {
  /** What it was to do, such as `mounting xfs`. */
  purpose: string
  stderr: string
  /** How it ended, for when it said nothing. */
  ending: string
  /** The space that was left where the image is. */
  freeBytes: number
  /** The options of the mount. */
  mountOptions: readonly string[]
  cause?: unknown
}

const NO_SPACE = /No space left on device/
const NO_LOOP_DEVICE = /loop device|loop-control/
const NOT_PERMITTED = /permission denied|not permitted|superuser|only root/i
const UNKNOWN_FILE_SYSTEM = /unknown filesystem/

/** Below this a disk is taken for full: btrfs calls ENOSPC an `Input/output error`. */
const FULL_BYTES = 1024 * 1024

/** Whether a mount failed because no loop device could be had just then. */
export function isLoopShortage(stderr: string): boolean {
  return NO_LOOP_DEVICE.test(stderr)
}

/** The first of what a command said, without mount's advice to read dmesg, or how mkfs is to be used. */
function said({ stderr, ending }: Failure): string {
  const [complaint = ''] = stderr.split(/^Usage:/m)
  const lines = complaint.split('\n').map((line) => line.trim())
  const telling = lines.filter((line) => line !== '' && !line.startsWith('dmesg(1)'))
  return telling.slice(0, 3).join('; ') || ending
}

/** The error to throw for it: one cause, one way out. */
export function explainFailure(failure: Failure): MachineError {
  const { purpose, stderr, freeBytes, mountOptions, cause } = failure
  const error = (code: 'MISSING' | 'BROKEN', because: string, remedy: string): MachineError =>
    new MachineError(code, `${purpose} failed${because}: ${said(failure)}`, remedy, { cause })
  if (NO_SPACE.test(stderr) || freeBytes < FULL_BYTES) {
    return error(
      'BROKEN',
      ', for the disk is full',
      'Free some space, or set TMPDIR to a directory on a larger disk.',
    )
  }
  if (isLoopShortage(stderr)) {
    return error(
      'MISSING',
      ', for no loop device is to be had',
      'See who has them (losetup -a), run `pullplug doctor --clean`, or run the container with --privileged.',
    )
  }
  if (UNKNOWN_FILE_SYSTEM.test(stderr)) {
    return error('MISSING', '', 'Load its module (modprobe), or use a kernel that has it.')
  }
  if (NOT_PERMITTED.test(stderr)) {
    return error('MISSING', '', 'Run it as root; in a container, with --privileged.')
  }
  if (mountOptions.length > 0) {
    return error('BROKEN', '', `Check the options ${mountOptions.join(',')}; dmesg may say more.`)
  }
  return error('BROKEN', '', 'See the kernel’s log (dmesg) and `pullplug doctor`.')
}
