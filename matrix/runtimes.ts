import { MachineError } from '../harness/process/machine-error.ts'
import { type Runtime, THIS_NODE } from '../harness/process/runtime.ts'
import { emulatedRuntime } from './emulation/emulated-runtime.ts'
import { isSetUp, setUp } from './emulation/setup.ts'
import type { Progress } from './progress.ts'

/** What runs subjects here: this machine's Node, and the emulated ones of `arches` that are set up. */
export async function runtimesFor(
  arches: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Runtime>> {
  const runtimes = new Map([[THIS_NODE.arch, THIS_NODE]])
  for (const arch of arches) {
    if (runtimes.has(arch) || !isSetUp(arch)) continue
    runtimes.set(arch, await emulatedRuntime(arch, signal))
  }
  return runtimes
}

/**
 * Sets up the emulation of those of `arches` that are not this machine's. One that can't be is told and
 * is no error: its cells will say what they miss.
 */
export async function setUpArches(
  arches: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for (const arch of arches.filter((each) => each !== THIS_NODE.arch)) {
    try {
      await setUp({ arches: [arch], progress, signal })
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof MachineError)) throw error
      progress.line(`  ${arch} could not be set up: ${error.message}`)
      progress.line(`    ${error.remedy}`)
    }
  }
}
