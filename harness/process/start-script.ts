import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { CHILD_ENVIRONMENT } from './environment.ts'
import { MachineError } from './machine-error.ts'
import { commandInside, type MountNamespace } from './namespace.ts'
import { type Runtime, THIS_NODE } from './runtime.ts'

/** A script, running in a Node of its own. */
export interface RunningScript {
  child: ChildProcess
  orders: Writable
  answers: Readable
  /** The end of what it wrote to its standard error. */
  lastWords: () => string
}

const LAST_WORDS_CHARS = 400

function lastWordsOf(stream: Readable): () => string {
  let words = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    words = (words + chunk).slice(-LAST_WORDS_CHARS)
  })
  return () => words
}

/**
 * Starts a compiled script, by its path, in a mount namespace if one is given. Throws a `MachineError`
 * when it can't be started.
 */
export async function startScript(
  path: string,
  runtime: Runtime = THIS_NODE,
  namespace?: MountNamespace,
): Promise<RunningScript> {
  const [file, ...args] = commandInside(namespace, runtime.command)
  let child: ChildProcess
  try {
    child = spawn(file, [...args, path], {
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
  // A script that is killed doesn't read its orders to the end.
  orders.on('error', () => {})
  return { child, orders, answers, lastWords: lastWordsOf(complaints) }
}
