import { endianness } from 'node:os'

/** A Node that runs the harness's scripts: the one that runs the harness, or one of another architecture. */
export interface Runtime {
  /** The command that runs a script, without the script's path. */
  command: readonly [string, ...string[]]
  /** Its architecture by Debian's name: `amd64`, `arm64`, `riscv64`, `s390x`, … */
  arch: string
  endianness: 'LE' | 'BE'
  /** Such as `v20.19.2`. */
  node: string
  /** The version of the emulator that runs it; null on a machine of its architecture. */
  qemu: string | null
  /** Where it finds modules that hold machine code, as a `NODE_PATH`; null where they are installed. */
  nodePath: string | null
}

const DEBIAN_NAMES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64' }

/** The Node that runs this. */
export const THIS_NODE: Runtime = {
  command: [process.execPath],
  arch: DEBIAN_NAMES[process.arch] ?? process.arch,
  endianness: endianness(),
  node: process.version,
  qemu: null,
  nodePath: null,
}
