import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { endOfChild } from '../process/end-of-child.ts'
import { killGroup } from '../process/kill-group.ts'
import { LastWords } from '../process/last-words.ts'
import { MachineError } from '../process/machine-error.ts'
import { MARK_VARIABLE } from '../process/marked.ts'
import { commandInside, type MountNamespace, namedInside } from '../process/namespace.ts'
import { DEFAULT_ANSWER_MS, type DescribedSubject } from './description.ts'
import { environmentOf } from './speak.ts'

/** Starts it in a group of its own. Throws what `spawn` reports. */
async function start(
  command: readonly [string, ...string[]],
  subject: DescribedSubject,
  mark: string,
) {
  const [file, ...args] = command
  const child = spawn(file, args, {
    cwd: subject.folder,
    env: { ...environmentOf(subject.description), [MARK_VARIABLE]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  await once(child, 'spawn')
  return child
}

/** Waits for its end. Returns what went wrong, in a sentence; null when nothing did. */
async function waitFor(child: ChildProcess, mark: string, signal?: AbortSignal) {
  const lastWords = new LastWords()
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) lastWords.listenTo(stream)
  const strike = (): void => killGroup(child.pid as number)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    strike()
  }, DEFAULT_ANSWER_MS)
  signal?.addEventListener('abort', strike)
  if (signal?.aborted === true) strike()
  const leftRunning = await endOfChild(child, mark)
  clearTimeout(timer)
  signal?.removeEventListener('abort', strike)
  signal?.throwIfAborted()
  if (isLate) return `it did not end in ${DEFAULT_ANSWER_MS} ms`
  const { exitCode, signalCode } = child
  const words = lastWords.behindColon()
  if (signalCode !== null) return `it ended by ${signalCode}${words}`
  if (exitCode !== 0) return `it ended with exit code ${exitCode}${words}`
  return leftRunning === 0 ? null : `it left ${leftRunning} of its processes running`
}

/**
 * Runs a subject's `setup` in a new directory, which is its last argument, and in a mount namespace if one is
 * given. Returns what went wrong in a sentence; null when nothing did, or when there is none. Kills whatever it
 * leaves running. Throws what `signal` was aborted with.
 */
export async function runSetup(
  subject: DescribedSubject,
  directory: string,
  signal?: AbortSignal,
  namespace?: MountNamespace,
): Promise<string | null> {
  const { setup } = subject.description
  if (setup === undefined) return null
  signal?.throwIfAborted()
  const mark = randomUUID()
  let child: ChildProcess
  try {
    const command = [...setup, namedInside(namespace, directory)] as const
    child = await start(commandInside(namespace, command, subject.folder), subject, mark)
  } catch (error) {
    return `it could not be started: ${(error as Error).message}`
  }
  return await waitFor(child, mark, signal)
}

/** The same, for whoever needs the directory. Throws a `MachineError` where it fails. */
export async function setUp(
  subject: DescribedSubject,
  directory: string,
  namespace?: MountNamespace,
): Promise<void> {
  const problem = await runSetup(subject, directory, undefined, namespace)
  if (problem === null) return
  throw new MachineError(
    'BROKEN',
    `the setup of ${subject.description.name} failed: ${problem}`,
    'Run `pullplug check`, which tells more, or the setup by hand on an empty directory.',
  )
}
