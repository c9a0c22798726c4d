import { closeSync, openSync } from 'node:fs'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import type { Lack } from '../process/lack.ts'
import { MachineError } from '../process/machine-error.ts'
import { loadSystemCalls } from '../process/system-calls.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import { lacksFor, thisMachine } from '../volume/requirements.ts'

function canOpenFuse(): boolean {
  try {
    closeSync(openSync('/dev/fuse', 'r+'))
    return true
  } catch {
    return false
  }
}

async function systemCallsLack(): Promise<Lack[]> {
  try {
    await loadSystemCalls()
    return []
  } catch (error) {
    if (!(error instanceof MachineError)) throw error
    return [{ what: `system calls from Node (${error.message})`, remedy: error.remedy }]
  }
}

/** What this machine lacks to cut the power of a file system; nothing when it can. */
export async function lacksForPowerCuts(fileSystem: FileSystemName): Promise<Lack[]> {
  const machine = thisMachine(CHILD_ENVIRONMENT.PATH ?? '')
  const lacks = lacksFor(fileSystem, machine)
  if (machine.platform !== 'linux') return lacks
  if (machine.isRoot && !canOpenFuse()) {
    const remedy = 'run `modprobe fuse`, or the container with --privileged'
    lacks.push({ what: '/dev/fuse', remedy })
  }
  if (!machine.hasCommand('nsenter')) {
    lacks.push({ what: 'nsenter', remedy: 'run `apt-get install util-linux`' })
  }
  return [...lacks, ...(await systemCallsLack())]
}
