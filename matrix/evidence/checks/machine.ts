import { FILE_SYSTEMS, IMAGE_BYTES } from '../../../harness/volume/file-systems/index.ts'
import { ARCHITECTURES, ENDIANNESS, WORKING_DIRECTORY } from '../../cells.ts'
import type { RunRecord } from '../types.ts'

/** Emulation is told three times: by name, by the emulator's version, and by the two architectures. */
function runtimeProblem({ cell, host, runtime, emulation }: RunRecord): string | null {
  if (runtime.arch !== cell.arch) {
    return `it ran on ${runtime.arch} and says that it is ${cell.arch}`
  }
  const endianness = ENDIANNESS[runtime.arch]
  if (endianness !== undefined && runtime.endianness !== endianness) {
    return `it says that ${runtime.arch} is ${runtime.endianness}, and it is ${endianness}`
  }
  const emulated = emulation !== 'none'
  if (!emulated && runtime.qemu !== null) return 'it names an emulator, and says that it had none'
  if (emulated && runtime.qemu === null) return 'its emulation contradicts its emulator'
  if (emulated !== (host.arch !== runtime.arch)) {
    return `it says emulation ${emulation} of ${runtime.arch}, on a host of ${host.arch}`
  }
  if (emulated && !(ARCHITECTURES as readonly string[]).includes(runtime.arch)) {
    return `it says that it emulated ${runtime.arch}, which cannot be emulated`
  }
  if (emulated && host.platform !== 'linux') return `it says that ${host.platform} emulated it`
  if (!emulated && host.node !== runtime.node) {
    return `it ran on Node ${runtime.node} and its harness on ${host.node}, on one native machine`
  }
  return null
}

/** The first version that has all that is needed; the same as in package.json. */
const LEAST_NODE = [20, 19] as const

function nodeProblem(node: string): string | null {
  const [, major, minor] = /^v(\d{1,3})\.(\d{1,3})\.\d{1,3}(-[\w.+-]{1,40})?$/.exec(node) ?? []
  if (major === undefined || minor === undefined) return 'it names no version of Node that there is'
  const [least, leastMinor] = LEAST_NODE
  const old = Number(major) < least || (Number(major) === least && Number(minor) < leastMinor)
  return old ? `it ran on Node ${node}, and pullplug needs ${least}.${leastMinor}` : null
}

const PLATFORMS = ['linux', 'darwin']
/** What `process.arch` can be, by Debian's names. */
const HOST_ARCHITECTURES = [
  ...ARCHITECTURES,
  ...['arm', 'ia32', 'loong64', 'mips', 'mipsel', 'ppc64'],
]

/** What a run, or a shard of it, says of the machine that no machine is. */
export function hostProblem({ platform, arch, kernel }: RunRecord['host']): string | null {
  if (!PLATFORMS.includes(platform)) return 'it ran on a platform that pullplug does not run on'
  if (!HOST_ARCHITECTURES.includes(arch)) return 'its host is of no architecture that Node runs on'
  return /^\d+\.\d+/.test(kernel) ? null : 'its host names no version of a kernel'
}

/** What a loop mount is made with here, as the kernel lists it. */
const MOUNT_OPTIONS = 'rw,relatime'

function workingDirectoryProblem({ fsType, options, imageBytes }: RunRecord['mount']) {
  return fsType === WORKING_DIRECTORY && options === '' && imageBytes === null
    ? null
    : 'its mount contradicts the working directory that it says it ran in'
}

function volumeProblem({ cell, host, mount }: RunRecord): string | null {
  const { fileSystem } = cell
  const { fsType, options, statfsType, imageBytes } = mount
  const known = Object.entries(FILE_SYSTEMS).find(([name]) => name === fileSystem)?.[1]
  if (known === undefined) return `its cell is ${fileSystem}, of which no volume can be made`
  if (fsType !== fileSystem) return `its cell is ${fileSystem}, and ${fsType} was mounted`
  const magic = `0x${known.magic.toString(16)}`
  if (statfsType !== magic) return `statfs gave ${statfsType}, and ${fileSystem} is ${magic}`
  if (options !== MOUNT_OPTIONS) {
    return `its volume was mounted with "${options}", and a volume is mounted with "${MOUNT_OPTIONS}"`
  }
  if (imageBytes !== IMAGE_BYTES) {
    return `its volume has ${imageBytes ?? 'no'} bytes, and a volume has ${IMAGE_BYTES}`
  }
  return host.platform === 'linux' ? null : `it says that ${host.platform} mounted a loop device`
}

/** What of a run's machine, runtime and mount contradicts its cell, or the rest of them. */
export function machineProblem(run: RunRecord): string | null {
  const { cell, host, runtime, mount } = run
  const problem =
    runtimeProblem(run) ?? nodeProblem(host.node) ?? nodeProblem(runtime.node) ?? hostProblem(host)
  if (problem !== null) return problem
  if ((mount.volume === 'working-directory') !== (cell.fileSystem === WORKING_DIRECTORY)) {
    return `its cell is ${cell.fileSystem}, and its files were on a ${mount.volume}`
  }
  return mount.volume === 'loop' ? volumeProblem(run) : workingDirectoryProblem(mount)
}
