import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { scratch } from '../../volume/testing/scene.ts'
import { type Observation, Passthrough, type PassthroughOptions } from '../passthrough.ts'
import type { PassthroughPlan } from '../plan.ts'
import { readTree } from '../read-tree.ts'
import { rebuild } from '../rebuild.ts'
import { lacksForPassthrough } from '../requirements.ts'

const lacking = await lacksForPassthrough()

/** For tests that serve a directory; what is missing for them stands in `NEEDS`, for their titles. */
export const testPassthrough = test.skipIf(lacking.length > 0)
export const NEEDS =
  lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; and ')})` : ''

/** A directory that is served, removed when the test ends. */
export async function passthrough(options: PassthroughOptions = {}): Promise<Passthrough> {
  const served = await Passthrough.create({ stateDirectory: scratch(), ...options })
  onTestFinished(() => served.remove())
  return served
}

export type Command = readonly [string, ...string[]]

/** Whether a program can be run here. */
export function hasCommand(name: string): boolean {
  return spawnSync('which', [name], { env: CHILD_ENVIRONMENT }).status === 0
}

/** A program that works in a folder of the directory, in a process group of its own. */
export function start(served: Passthrough, command: Command, folder = ''): ChildProcess {
  const [file, ...args] = served.commandInside(command, join(served.mountPoint, folder))
  const child = spawn(file, args, {
    env: { ...CHILD_ENVIRONMENT, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** How a program ended, what it said, and what was seen of it. */
export interface Run extends Observation {
  code: number | null
  signal: NodeJS.Signals | null
  said: string
}

/** Runs a program to its end in a folder of the directory. */
export async function run(
  served: Passthrough,
  command: Command,
  plan: PassthroughPlan = {},
  folder = '',
): Promise<Run> {
  served.begin(plan)
  const child = start(served, command, folder)
  const words: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => words.push(data))
  const [code, signal] = await once(child, 'close')
  await served.whenGone()
  return { ...served.end(), code, signal, said: Buffer.concat(words).toString() }
}

/** Expects that a directory holds what the operations on it say. */
export function expectRebuilt(served: Passthrough, { operations }: Observation): void {
  expect(rebuild(operations)).toEqual(readTree(served.backing))
}

/** The command that runs a script of Node's. */
export const node = (script: string): Command => [process.execPath, '-e', script]

/** The command that runs a script of Python's. */
export const python = (script: string): Command => ['python3', '-c', script]
