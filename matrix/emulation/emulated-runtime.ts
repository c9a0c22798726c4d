import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { CHILD_ENVIRONMENT } from '../../harness/process/environment.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import type { Runtime } from '../../harness/process/runtime.ts'
import { inCache } from './cache.ts'
import { EMULATORS, QEMU_PACKAGE } from './emulators.ts'
import { guestOf } from './guest.ts'
import { readManifest } from './manifest.ts'
import { rollupOf } from './rollup.ts'
import { sysrootOf } from './sysroot.ts'

const TIMEOUT_MS = 60_000
const QUESTION = 'JSON.stringify([process.version, process.arch, os.endianness()])'

/**
 * The Node of another architecture that was set up, after it has been asked what it is. Throws a
 * `MachineError` when it does not answer as it should.
 */
export async function emulatedRuntime(arch: string, signal: AbortSignal): Promise<Runtime> {
  const guest = guestOf(arch)
  const emulators = inCache(EMULATORS.name).path
  const sysroot = inCache(sysrootOf(guest).name).path
  const rollup = rollupOf(guest)
  const command = [
    join(emulators, guest.qemu),
    '-L',
    sysroot,
    join(sysroot, 'usr/bin/node'),
  ] as const
  const [file, ...args] = command
  const { failed, stdout, shortMessage, stderr } = await execa(file, [...args, '-p', QUESTION], {
    env: CHILD_ENVIRONMENT,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
  })
  signal.throwIfAborted()
  if (failed || !existsSync(sysroot)) {
    throw new MachineError(
      'BROKEN',
      `the emulated Node for ${arch} does not start: ${stderr?.split('\n')[0] || shortMessage}`,
      `Remove ${emulators} and ${sysroot}, and run \`pullplug setup --arch ${arch}\`.`,
    )
  }
  const [node, , endianness] = JSON.parse(stdout) as [string, string, 'LE' | 'BE']
  return {
    command,
    arch,
    endianness,
    node,
    qemu: readManifest(emulators).versions[QEMU_PACKAGE] ?? 'unknown',
    nodePath: rollup === null ? null : join(inCache(rollup.name).path, 'node_modules'),
  }
}
