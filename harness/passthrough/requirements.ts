import { closeSync, openSync } from 'node:fs'
import { release } from 'node:os'
import type { Lack } from '../process/lack.ts'
import { MachineError } from '../process/machine-error.ts'
import { loadSystemCalls } from '../process/system-calls.ts'
import { whyNotRootOfItsOwn } from '../process/user-namespace.ts'
import { thisMachine } from '../volume/requirements.ts'

/** Where a file whose every read and write is seen can be mapped all the same (FUSE_DIRECT_IO_ALLOW_MMAP). */
const LINUX = { major: 6, minor: 6 }

function isOldKernel(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  return major < LINUX.major || (major === LINUX.major && minor < LINUX.minor)
}

function canOpenFuse(): boolean {
  try {
    closeSync(openSync('/dev/fuse', 'r+'))
    return true
  } catch {
    return false
  }
}

/** What this machine lacks to see every operation on a directory; nothing when it can. */
export async function lacksForPassthrough(): Promise<Lack[]> {
  if (process.platform !== 'linux') {
    return [{ what: 'Linux', remedy: 'run it on Linux, or in a virtual machine' }]
  }
  if (process.getuid?.() !== 0) {
    const why = whyNotRootOfItsOwn()
    const remedy = why === null ? 'run it as root' : `run it as root; without it, ${why}`
    return [{ what: 'root', remedy }]
  }
  const lacks: Lack[] = []
  if (isOldKernel()) {
    const what = `Linux ${LINUX.major}.${LINUX.minor}`
    lacks.push({ what, remedy: `boot a newer kernel than ${release()}` })
  }
  if (!thisMachine('').canMount) {
    lacks.push({ what: 'the right to mount', remedy: 'run the container with --privileged' })
  }
  if (!canOpenFuse()) {
    const remedy = 'run `modprobe fuse`, or the container with --privileged'
    lacks.push({ what: '/dev/fuse', remedy })
  }
  try {
    await loadSystemCalls()
  } catch (error) {
    if (!(error instanceof MachineError)) throw error
    lacks.push({ what: `system calls from Node (${error.message})`, remedy: error.remedy })
  }
  return lacks
}
