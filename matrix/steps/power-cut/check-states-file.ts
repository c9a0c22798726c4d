import type { PowerCutStatesRecord, RecordingStates } from '../../evidence/power-cut-states.ts'
import type { PowerCutRecord } from '../../evidence/types.ts'

const FILE = 'power-cut-states.json'

const ascends = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => at === 0 || number > (numbers[at - 1] as number))

/** What of one recording's states is not what `power-cut.json` says of it; null when all is. */
function recordingProblem(
  { round, contents, failed, unjudged }: RecordingStates,
  { recordings, problems }: PowerCutRecord,
): string | null {
  const kept = recordings.find((each) => each.round === round)
  if (contents.length !== kept?.tried) {
    return `tells ${contents.length} states of round ${round}, of which ${kept?.tried} were tried`
  }
  let most = 0
  for (const number of contents) {
    if (number > most + 1) return `numbers the contents of round ${round} as nobody does`
    most = Math.max(most, number)
  }
  if (most !== kept.contents) {
    return `tells ${most} contents of round ${round}, which showed ${kept.contents}`
  }
  const both = failed.filter((number) => unjudged.includes(number))
  const beyond = [...failed, ...unjudged].some((number) => number > contents.length)
  if (both.length > 0 || beyond || !ascends(failed) || !ascends(unjudged)) {
    return `lists states of round ${round} that it can’t have`
  }
  const untold = problems.find(({ state, failures }) => {
    const [where, number] = state.split('.').map(Number)
    const list = failures.length > 0 ? failed : unjudged
    return where === round && !list.includes(number as number)
  })
  return untold === undefined ? null : `leaves out state ${untold.state}`
}

/** What of it does not follow from `power-cut.json`, which lies beside it, in a sentence; null when all does. */
export function statesFileProblem(
  file: PowerCutStatesRecord | null,
  record: PowerCutRecord | null,
): string | null {
  if (file === null) return null
  if (record === null) return `there is ${FILE} and no power-cut.json`
  const rounds = (recordings: readonly { round: number }[]): string =>
    recordings.map(({ round }) => round).join()
  if (rounds(file.recordings) !== rounds(record.recordings)) {
    return `${FILE} is not of the recordings that power-cut.json names`
  }
  for (const each of file.recordings) {
    const problem = recordingProblem(each, record)
    if (problem !== null) return `${FILE} ${problem}`
  }
  const { failed, unconfirmed, unjudged } = record.states
  const isAll = record.recordings.length === record.rounds
  const wrong = (list: 'failed' | 'unjudged', counted: number): boolean => {
    const told = file.recordings.reduce((sum, each) => sum + each[list].length, 0)
    return isAll ? told !== counted : told > counted
  }
  return wrong('failed', failed + unconfirmed) || wrong('unjudged', unjudged)
    ? `${FILE} does not tell the states that did not pass as power-cut.json counts them`
    : null
}
