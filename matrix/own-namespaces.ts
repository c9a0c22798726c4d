import { join } from 'node:path'
import { execa } from 'execa'
import { MachineError } from '../harness/process/machine-error.ts'
import { asRootOfItsOwn } from '../harness/process/user-namespace.ts'
import { Interrupted } from './interrupt.ts'
import { packageRoot } from './package-root.ts'

const CLI = join(packageRoot, 'dist', 'matrix', 'cli.js')

/**
 * Runs this process's command line again, as root of namespaces of its own, and returns its exit code. Throws a
 * `MachineError`.
 */
export async function againInNamespaces(signal: AbortSignal): Promise<number> {
  const [file, ...args] = asRootOfItsOwn([process.execPath, CLI, ...process.argv.slice(2)])
  // It undoes what it makes, and must be asked once, and by us: a terminal's Ctrl-C would reach it as well. The channel
  // tells it when this process is gone.
  const end = await execa(file, args, {
    detached: true,
    cancelSignal: signal,
    forceKillAfterDelay: false,
    ipc: true,
    stdio: 'inherit',
    reject: false,
  })
  if (signal.reason instanceof Interrupted) return signal.reason.exitCode
  if (end.exitCode !== undefined) return end.exitCode
  throw new MachineError(
    'BROKEN',
    `what ran in a user namespace ended by ${end.signal ?? 'itself'}`,
    'Run it again, or as root.',
    { cause: end },
  )
}
