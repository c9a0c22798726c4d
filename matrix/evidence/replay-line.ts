/** The command that runs an iteration again from the evidence of its run, which stands at `path`. */
export function replayLine(path: string, iteration: number): string {
  return `npx pullplug replay ${path} --iteration ${iteration}`
}

/** The command that rebuilds a state, such as `1.42`, from the evidence of its run, and judges it again. */
export function stateReplayLine(path: string, state: string): string {
  return `npx pullplug replay ${path} --state ${state}`
}
