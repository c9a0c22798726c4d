import { join } from 'node:path'
import { execa } from 'execa'
import { packageRoot } from '../matrix/package-root.ts'
import type { Signal } from './options.ts'
import { whenRunnerGone } from './runner-gone.ts'

const CLI = join(packageRoot, 'dist', 'matrix', 'cli.js')

/** What a test runner sets for its own processes, and would change what ours do. */
const OF_THE_RUNNER = /^(NODE_OPTIONS|NODE_V8_COVERAGE|NODE_TEST_CONTEXT|NODE_CHANNEL_.*|VITEST.*)$/

/** How a command of pullplug ended. */
export interface Ended {
  exitCode: number | undefined
  /** The signal that ended it, if any. */
  signal: string | undefined
  stdout: string
  stderr: string
}

function environment(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => !OF_THE_RUNNER.test(name))
  return { ...(Object.fromEntries(own) as Record<string, string>), NO_COLOR: '1' }
}

/** An `AbortSignal` that follows one that has no more than it needs, and the test runner's life. */
function followed(signal: Signal | undefined): { cancelSignal: AbortSignal; unfollow: () => void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  const callOff = whenRunnerGone(() => controller.abort(new Error('the test runner is gone')))
  return {
    cancelSignal: controller.signal,
    unfollow: () => {
      signal?.removeEventListener('abort', abort)
      callOff()
    },
  }
}

/**
 * Runs pullplug in a process of its own, which makes what it needs and undoes it: when `signal` is aborted, and when
 * this process is gone, whose channel tells it. Returns when it has ended; throws the signal's reason then.
 */
export async function runPullplug(
  args: readonly string[],
  signal: Signal | undefined,
): Promise<Ended> {
  const { cancelSignal, unfollow } = followed(signal)
  cancelSignal.throwIfAborted()
  try {
    const {
      exitCode,
      signal: by,
      stdout,
      stderr,
    } = await execa(process.execPath, [CLI, ...args], {
      cancelSignal,
      // It is asked to end once, and by us: a Ctrl-C at a terminal, or a kill of the runner's group, must not reach it.
      detached: true,
      forceKillAfterDelay: false,
      ipc: true,
      env: environment(),
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    })
    cancelSignal.throwIfAborted()
    return { exitCode, signal: by, stdout, stderr }
  } finally {
    unfollow()
  }
}
