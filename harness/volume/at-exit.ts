import { killSync } from '../process/kill-sync.ts'
import type { MountNamespace } from '../process/namespace.ts'
import { plainLine } from '../text/shown.ts'
import { holdersOf, isDescendant } from './holders.ts'
import { undoSync } from './undo.ts'
import { mountPointOf } from './volume-folder.ts'

/** A volume that this process has, or is about to have. */
export interface Guarded {
  folder: string
  /** The commands that are at work on it now. */
  commandPids: Set<number>
  /** Where it is mounted; where this process is unless given. */
  namespace?: MountNamespace
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const alive = new Set<Guarded>()

function undoAll(): void {
  // The last one first, since it can stand on another.
  for (const { folder, commandPids, namespace } of [...alive].reverse()) {
    try {
      const holders = holdersOf(mountPointOf(folder)).flatMap(({ pid }) => pid ?? [])
      // A mount(8) that is still at work would mount after we have looked.
      killSync([...commandPids, ...holders.filter(isDescendant)])
      undoSync(folder, namespace)
    } catch (error) {
      process.stderr.write(`${plainLine((error as Error).message)}\n`)
    }
  }
  alive.clear()
}

/** How many of a signal's listeners are signal-exit's, of execa: beside others they do nothing. */
function passiveListeners(): number {
  const emitter = Reflect.get(globalThis, Symbol.for('signal-exit emitter'))
  return (emitter as { count?: number } | undefined)?.count ?? 0
}

function onSignal(signal: NodeJS.Signals): void {
  // Whoever else listens decides what the signal means; an exit that follows comes by here again.
  if (process.listenerCount(signal) > 1 + passiveListeners()) return
  undoAll()
  unwatch()
  process.kill(process.pid, signal)
}

function watch(): void {
  process.on('exit', undoAll)
  for (const signal of SIGNALS) process.on(signal, onSignal)
}

function unwatch(): void {
  process.off('exit', undoAll)
  for (const signal of SIGNALS) process.off(signal, onSignal)
}

/**
 * Makes a volume's folder with `makeFolder`, and from its beginning on an exit of this process, or a
 * SIGINT, SIGTERM or SIGHUP that nobody else listens to, undoes the volume in it; children of this
 * process that still use it are killed.
 */
export function guard(makeFolder: () => string): Guarded {
  // Listening comes first: a signal between the two would find nobody.
  if (alive.size === 0) watch()
  try {
    const guarded: Guarded = { folder: makeFolder(), commandPids: new Set() }
    alive.add(guarded)
    return guarded
  } catch (error) {
    if (alive.size === 0) unwatch()
    throw error
  }
}

/** To be called when the volume has been undone. */
export function unguard(guarded: Guarded): void {
  alive.delete(guarded)
  if (alive.size === 0) unwatch()
}
