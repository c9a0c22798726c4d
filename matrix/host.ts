import { cpus, release } from 'node:os'
import { THIS_NODE } from '../harness/process/runtime.ts'
import type { RunRecord } from './evidence/types.ts'

/** This machine's architecture, by its Debian name: `amd64`, `arm64`, `riscv64`, `s390x`, … */
export function nativeArch(): string {
  return THIS_NODE.arch
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
