import { killGroup } from './kill-group.ts'
import { killMarked } from './marked.ts'

/** The processes that must not outlive this one: their marks by their ids. */
const living = new Map<number, string>()

function killAll(): void {
  for (const [pid, mark] of living) {
    killGroup(pid)
    killMarked(mark)
  }
}

/**
 * Kills the process group of `pid`, and all that carry its mark, if this process exits before the function
 * that it returns is called. Without that, a child in a group of its own would survive a second Ctrl-C.
 */
export function killAtExit(pid: number, mark: string): () => void {
  // Before those who remove what these processes write.
  if (living.size === 0) process.prependListener('exit', killAll)
  living.set(pid, mark)
  return () => {
    living.delete(pid)
    if (living.size === 0) process.off('exit', killAll)
  }
}
