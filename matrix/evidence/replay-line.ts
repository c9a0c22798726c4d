/** The command that runs an iteration again from the evidence of its run, which stands at `path`. */
export function replayLine(path: string, iteration: number): string {
  return `npx pullplug replay ${path} --iteration ${iteration}`
}
