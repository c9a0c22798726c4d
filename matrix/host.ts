import { cpus, release } from 'node:os'
import type { RunRecord } from './evidence/types.ts'

const DEBIAN_NAMES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64' }

/** This machine's architecture, by its Debian name: `amd64`, `arm64`, `riscv64`, `s390x`, … */
export function nativeArch(): string {
  return DEBIAN_NAMES[process.arch] ?? process.arch
}

/** What evidence says of the machine. */
export function describeHost(): RunRecord['host'] {
  return {
    platform: process.platform,
    arch: nativeArch(),
    kernel: release(),
    node: process.version,
    cpus: cpus().length,
  }
}
