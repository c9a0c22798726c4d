/** Sends a signal to all processes of the group that `pid` leads. One that has ended is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended.
  }
}

/** Sends SIGKILL to all of them. */
export function killGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL')
}
