import { shellWord, wordOf } from '../../text/shell-word.ts'
import { commandLine } from '../command-line.ts'
import type { ReadFiles } from '../read-files.ts'
import { caseReplayLine, replayLine, stateReplayLine } from '../replay-line.ts'

/** A path that stands first in lines to be found out. */
const PATH = 'PATH'

/** The path in a line that `lineOf` makes of it, or null where the line is another one. */
function pathIn(line: string, lineOf: (path: string) => string): string | null {
  const [before = '', ...rest] = lineOf(PATH).split(PATH)
  const after = rest.join(PATH)
  if (!line.startsWith(before) || !line.endsWith(after)) return null
  const path = wordOf(line.slice(before.length, line.length - after.length))
  return path !== null && lineOf(path) === line ? path : null
}

/** What of the lines that are for pasting is not what they must be: the run's own and its replays'. */
export function linesProblem(
  { run, command, iterations, powerCut, ioError }: ReadFiles,
  place: string,
): string | null {
  if (command !== commandLine(run)) return 'its cmd.txt holds another command than it ran by'
  const lines = [
    ...iterations.map(({ iteration, replay }) => ({
      what: `iteration ${iteration}`,
      path: pathIn(replay, (path) => replayLine(path, iteration, run.subjectPath)),
    })),
    ...(powerCut?.problems ?? []).map(({ state, replay }) => ({
      what: `state ${state}`,
      path: pathIn(replay, (path) => stateReplayLine(path, state, run.subjectPath)),
    })),
    ...(ioError?.problems ?? []).map((problem) => ({
      what: `case ${problem.case}`,
      path: pathIn(problem.replay, (path) => caseReplayLine(path, problem.case, run.subjectPath)),
    })),
  ]
  const odd = lines.find(({ path }) => path === null)
  if (odd !== undefined) return `the line that replays ${odd.what} is another one`
  const [first] = lines
  if (first?.path == null) return null
  if (first.path !== place && !first.path.endsWith(`/${place}`)) {
    return `the line that replays ${first.what} is of another run`
  }
  const stray = lines.find(({ path }) => path !== first.path)
  return stray === undefined
    ? null
    : `the line that replays ${stray.what} is of ${shellWord(stray.path as string)}, and others are of ${shellWord(first.path)}`
}
