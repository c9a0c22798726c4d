import { accessSync, closeSync, constants, openSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Lack } from '../process/lack.ts'
import { MachineError } from '../process/machine-error.ts'
import { isInUserNamespace } from '../process/user-namespace.ts'
import { FILE_SYSTEMS, type FileSystemName } from './file-systems/index.ts'

/** What volumes depend on, of one machine. */
export interface Machine {
  platform: string
  /** Root of the machine: that of a user namespace mounts no device. */
  isRoot: boolean
  /** Root may lack the right to, in a container. */
  canMount: boolean
  hasLoopDevices: boolean
  hasCommand(name: string): boolean
  hasFileSystem(name: string): boolean
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const CAP_SYS_ADMIN = 21n

/** Whether the text of a /proc/PID/status grants CAP_SYS_ADMIN, without which nobody may mount. */
export function grantsMounting(status: string): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> CAP_SYS_ADMIN) & 1n) === 1n
}

function canOpenLoopControl(): boolean {
  try {
    // Only an open tells: a container's device rules don't show in the permissions.
    closeSync(openSync('/dev/loop-control', 'r+'))
    return true
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Whether the kernel has a file system, by /proc/filesystems, or could load it, by its list of modules. */
function kernelHas(name: string): boolean {
  if (textOf('/proc/filesystems').split(/\s+/).includes(name)) return true
  const modules = `/lib/modules/${textOf('/proc/sys/kernel/osrelease').trim()}`
  return ['modules.dep', 'modules.builtin'].some((list) =>
    textOf(join(modules, list)).includes(`/${name}.ko`),
  )
}

/** This machine. `path` is where commands are looked for, with colons. */
export function thisMachine(path: string): Machine {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0 && !isInUserNamespace(),
    canMount: grantsMounting(textOf('/proc/self/status')),
    hasLoopDevices: canOpenLoopControl(),
    hasCommand: (name) => path.split(':').some((directory) => isExecutable(join(directory, name))),
    hasFileSystem: kernelHas,
  }
}

/** What a machine lacks for volumes of a file system; nothing when they can be made there. */
export function lacksFor(fileSystem: FileSystemName, machine: Machine): Lack[] {
  const { mkfs, debianPackage } = FILE_SYSTEMS[fileSystem]
  if (machine.platform !== 'linux') {
    return [
      {
        what: 'Linux, for loop mounts',
        remedy: 'run it on Linux, or in a virtual machine with it',
      },
    ]
  }
  const lacks: Lack[] = []
  const command = (name: string, from: string): void => {
    if (!machine.hasCommand(name))
      lacks.push({ what: name, remedy: `run \`apt-get install ${from}\`` })
  }
  if (!machine.isRoot) {
    lacks.push({ what: 'root, to mount', remedy: 'run it with sudo' })
  } else if (!machine.canMount) {
    lacks.push({ what: 'the right to mount', remedy: 'run the container with --privileged' })
  } else if (!machine.hasLoopDevices) {
    lacks.push({
      what: 'loop devices (/dev/loop-control)',
      remedy: 'run `modprobe loop`, or the container with --privileged',
    })
  }
  command(mkfs[0], debianPackage)
  for (const name of ['mount', 'umount', 'losetup']) command(name, 'mount')
  if (!machine.hasFileSystem(fileSystem)) {
    lacks.push({
      what: `a kernel with ${fileSystem}`,
      remedy: `run \`modprobe ${fileSystem}\`, or use another kernel`,
    })
  }
  return lacks
}

/** Throws a `MachineError` when volumes of a file system can't be made here; `path` as above. */
export function requireMachine(fileSystem: FileSystemName, path: string): void {
  const lacks = lacksFor(fileSystem, thisMachine(path))
  if (lacks.length === 0) return
  const what = lacks.map((lack) => lack.what).join(' and ')
  const remedies = lacks.map(({ remedy }) => `${remedy[0]?.toUpperCase()}${remedy.slice(1)}.`)
  throw new MachineError('MISSING', `a volume of ${fileSystem} needs ${what}`, remedies.join(' '))
}

/** A file system's journal takes up to 64 MiB of a sparse image at once. */
const ROOM_BYTES = 64 * 1024 * 1024

/**
 * Throws a `MachineError` when a disk has no room for a volume of `sizeBytes`: it would come to be, and
 * the subject would meet the full disk below it as EIO.
 */
export function requireRoom(directory: string, sizeBytes: number): void {
  const { bavail, bsize } = statfsSync(directory)
  if (bavail * bsize >= Math.min(sizeBytes, ROOM_BYTES)) return
  const freeMib = Math.floor((bavail * bsize) / 1024 / 1024)
  throw new MachineError(
    'BROKEN',
    `no volume can be made in ${directory}: the disk is full, with ${freeMib} MiB left`,
    'Free some space there, or set TMPDIR to a directory on a larger disk.',
  )
}
