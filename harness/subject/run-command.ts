import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { endOfChild } from '../process/end-of-child.ts'
import { killGroup } from '../process/kill-group.ts'
import { LastWords } from '../process/last-words.ts'
import { holdLimit } from '../process/limit.ts'
import { MARK_VARIABLE } from '../process/marked.ts'
import { commandInside, type MountNamespace } from '../process/namespace.ts'
import type { DescribedSubject } from './description.ts'
import { environmentOf } from './speak.ts'

/** A command of a description, which runs in its folder. */
export interface CommandRun {
  subject: DescribedSubject
  command: readonly [string, ...string[]]
  /** How long it may take. */
  timeoutMs: number
  /** Variables beside the subject's own. */
  environment?: Readonly<Record<string, string>>
  namespace?: MountNamespace | undefined
  signal?: AbortSignal | undefined
}

/** Starts it in a group of its own. Throws what `spawn` reports. */
async function start({ subject, environment, ...run }: CommandRun, mark: string) {
  const [file, ...args] = commandInside(run.namespace, run.command, subject.folder)
  const child = spawn(file, args, {
    cwd: subject.folder,
    env: { ...environmentOf(subject.description), ...environment, [MARK_VARIABLE]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  await once(child, 'spawn')
  return child
}

/** Waits for its end. Returns what went wrong, in a sentence; null when nothing did. */
async function waitFor(child: ChildProcess, mark: string, { timeoutMs, signal }: CommandRun) {
  const lastWords = new LastWords()
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) lastWords.listenTo(stream)
  const held = holdLimit({ timeoutMs, signal }, () => killGroup(child.pid as number))
  const leftRunning = await endOfChild(child, mark)
  held.lift()
  signal?.throwIfAborted()
  if (held.givenUp) return `it did not end in ${timeoutMs} ms`
  const { exitCode, signalCode } = child
  const words = lastWords.behindColon()
  if (signalCode !== null) return `it ended by ${signalCode}${words}`
  if (exitCode !== 0) return `it ended with exit code ${exitCode}${words}`
  return leftRunning === 0 ? null : `it left ${leftRunning} of its processes running`
}

/**
 * Runs a command to its end. Returns what went wrong in a sentence; null when nothing did. Kills whatever it leaves
 * running. Throws what the signal was aborted with.
 */
export async function runCommand(run: CommandRun): Promise<string | null> {
  run.signal?.throwIfAborted()
  const mark = randomUUID()
  let child: ChildProcess
  try {
    child = await start(run, mark)
  } catch (error) {
    return `it could not be started: ${(error as Error).message}`
  }
  return await waitFor(child, mark, run)
}
