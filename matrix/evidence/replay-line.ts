import { MAX_RUNS, MAX_SHARDS, runName } from '../shard.ts'
import { shellPath, shellWord } from '../text/shell-word.ts'
import { COMMAND_CHARS } from './limits.ts'

/** The command that runs an iteration again from the evidence of its run, which stands at `path`. */
export function replayLine(path: string, iteration: number): string {
  return `npx pullplug replay ${shellPath(path)} --iteration ${iteration}`
}

/** The command that rebuilds a state, such as `1.42`, from the evidence of its run, and judges it again. */
export function stateReplayLine(path: string, state: string): string {
  return `npx pullplug replay ${shellPath(path)} --state ${shellWord(state)}`
}

/** The longest that such a line can be for a run below `out`. */
function longestLine(out: string): string {
  const path = `${out}/${'a'.repeat(16)}/${'f'.repeat(16)}/${runName(MAX_RUNS, { index: MAX_SHARDS, of: MAX_SHARDS })}`
  return stateReplayLine(path, '999999.9999999999')
}

/** Why no run can be kept below a folder, in a sentence; null when one can. */
export function outProblem(out: string): string | null {
  if (longestLine(out).length <= COMMAND_CHARS) return null
  return `--out is too long: the lines that replay a run are at most ${COMMAND_CHARS} characters`
}
