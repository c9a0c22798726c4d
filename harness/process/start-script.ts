import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { CHILD_ENVIRONMENT } from './environment.ts'
import { LastWords } from './last-words.ts'
import { MachineError } from './machine-error.ts'
import { commandInside, type MountNamespace } from './namespace.ts'
import { type Runtime, THIS_NODE } from './runtime.ts'

/** A script, running in a Node of its own. */
export interface RunningScript {
  child: ChildProcess
  orders: Writable
  answers: Readable
  /** What it says of its end on its standard error. */
  lastWords: LastWords
}

/**
 * Starts a compiled script, by its path, in a mount namespace if one is given. Throws a `MachineError`
 * when it can't be started.
 */
export async function startScript(
  path: string,
  runtime: Runtime = THIS_NODE,
  namespace?: MountNamespace,
  args: readonly string[] = [],
): Promise<RunningScript> {
  const [file, ...before] = commandInside(namespace, runtime.command)
  let child: ChildProcess
  try {
    child = spawn(file, [...before, path, ...args], {
      env: CHILD_ENVIRONMENT,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    })
    await once(child, 'spawn')
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `a process could not be started: ${cause instanceof Error ? cause.message : cause}`,
      'Check that processes can be started here (ulimit -u, free memory).',
      { cause },
    )
  }
  const [orders, , complaints, answers] = child.stdio as unknown as [
    Writable,
    null,
    Readable,
    Readable,
  ]
  const lastWords = new LastWords()
  lastWords.listenTo(complaints)
  // A script that is killed doesn't read its orders to the end.
  orders.on('error', () => {})
  return { child, orders, answers, lastWords }
}
