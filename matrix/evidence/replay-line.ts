import { MAX_RUNS, MAX_SHARDS, runName } from '../shard.ts'
import { shellPath, shellWord } from '../text/shell-word.ts'
import { COMMAND_CHARS } from './limits.ts'

/** A subject that is described is named, since replaying it runs what its description names. */
const named = (subjectPath: string | null): string =>
  subjectPath === null ? '' : ` --subject ${shellPath(subjectPath)}`

/** The command that runs an iteration again from the evidence of its run, which stands at `path`. */
export function replayLine(path: string, iteration: number, subjectPath: string | null): string {
  return `npx pullplug replay ${shellPath(path)} --iteration ${iteration}${named(subjectPath)}`
}

/** The command that rebuilds a state, such as `1.42`, from the evidence of its run, and judges it again. */
export function stateReplayLine(path: string, state: string, subjectPath: string | null): string {
  return `npx pullplug replay ${shellPath(path)} --state ${shellWord(state)}${named(subjectPath)}`
}

/** The command that makes a case of an error again, such as `1.12-EIO-reopens`. */
export function caseReplayLine(path: string, name: string, subjectPath: string | null): string {
  return `npx pullplug replay ${shellPath(path)} --case ${shellWord(name)}${named(subjectPath)}`
}

/** The longest that such a line can be for a run below `out`. */
function longestLine(out: string, subjectPath: string | null): string {
  const path = `${out}/${'a'.repeat(16)}/${'f'.repeat(16)}/${runName(MAX_RUNS, { index: MAX_SHARDS, of: MAX_SHARDS })}`
  return caseReplayLine(path, '999999.999999-short-none-goes-on', subjectPath)
}

/** Why no run can be kept below a folder, in a sentence; null when one can. */
export function outProblem(out: string, subjectPath: string | null): string | null {
  if (longestLine(out, subjectPath).length <= COMMAND_CHARS) return null
  const which = subjectPath === null ? '--out is' : '--out and --subject are'
  return `${which} too long: the lines that replay a run are at most ${COMMAND_CHARS} characters`
}
