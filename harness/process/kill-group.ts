/** Sends SIGKILL to all processes of the group that `pid` leads. One that has ended is fine. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
