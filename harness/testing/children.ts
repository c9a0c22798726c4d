import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { onTestFinished } from 'vitest'

/** Calls `onStart` with every child process that this one starts until the test's end. */
export function onChildStart(onStart: (child: ChildProcess) => void): void {
  const onMessage = (message: unknown): void => {
    const child = (message as { process: ChildProcess }).process
    child.once('spawn', () => onStart(child))
  }
  subscribe('child_process', onMessage)
  onTestFinished(() => void unsubscribe('child_process', onMessage))
}

/** The child processes that are started until the test's end. */
export function watchChildren(): ChildProcess[] {
  const children: ChildProcess[] = []
  onChildStart((child) => children.push(child))
  return children
}

/** Those that have not ended. */
export function stillRunning(children: ChildProcess[]): ChildProcess[] {
  return children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
}

/** Whether a child is a victim, and not a recoverer. */
export function isVictim(child: ChildProcess): boolean {
  return child.spawnargs.some((argument) => argument.endsWith('start-victim.cjs'))
}
