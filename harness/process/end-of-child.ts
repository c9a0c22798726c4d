import type { ChildProcess } from 'node:child_process'
import { killAtExit } from './kill-at-exit.ts'
import { killGroup } from './kill-group.ts'
import { killMarked } from './marked.ts'
import { givenSocketsOf, killHolders } from './open-files.ts'

/** How long the pipes may stay open behind the end, before whoever holds them is looked for. */
const CLOSE_MS = 500

/**
 * Waits for the end of a child that leads a group of its own, and until all that it had written has been read.
 * Kills what it left running, which would hold its pipes open and go on working: processes that carry `mark`,
 * and those that hold its pipes; `killLeft` finds and kills the first, where they are known otherwise. Returns how many
 * there were. None of them outlives this process.
 */
export async function endOfChild(
  child: ChildProcess,
  mark: string,
  killLeft = () => killMarked(mark),
): Promise<number> {
  const pid = child.pid as number
  const sockets = givenSocketsOf(pid, child.stdio.length)
  const disarm = killAtExit(pid, mark)
  let leftRunning = 0
  let timer: NodeJS.Timeout | undefined
  const destroyPipes = (): void => {
    for (const stream of child.stdio) stream?.destroy()
  }
  child.once('exit', () => {
    leftRunning += killLeft()
    // Now or never: the number of a group that is empty is soon another one's.
    killGroup(pid)
    timer = setTimeout(() => {
      // One that was given another environment carries no mark.
      leftRunning += killHolders((target) => sockets.has(target))
      timer = setTimeout(destroyPipes, CLOSE_MS)
    }, CLOSE_MS)
  })
  await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  disarm()
  return leftRunning
}
