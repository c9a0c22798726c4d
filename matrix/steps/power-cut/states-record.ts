import type { KeptRecording, SeenState } from '../../../harness/power-cut/campaign-result.ts'
import { MAX_STATES_BYTES } from '../../evidence/limits.ts'
import type { PowerCutStatesRecord, RecordingStates } from '../../evidence/power-cut-states.ts'

/** Contents by their digests as numbers, counted from 1 as they first come up; 0 where there is none. */
function numbered(states: readonly SeenState[]): number[] {
  const numbers = new Map<string, number>()
  return states.map(({ content }) => {
    if (content === null) return 0
    const number = numbers.get(content) ?? numbers.size + 1
    numbers.set(content, number)
    return number
  })
}

function statesOf({ recording, seen }: KeptRecording): RecordingStates {
  const having = (came: SeenState['came']): number[] =>
    seen.flatMap((state, index) => (state.came === came ? [index + 1] : []))
  return {
    round: recording.round,
    contents: numbered(seen),
    failed: having('failed'),
    unjudged: having('not judged'),
  }
}

/** The file of several recordings' states, in the order of their rounds; null where it would be too large. */
export function statesRecord(recordings: readonly RecordingStates[]): PowerCutStatesRecord | null {
  const record: PowerCutStatesRecord = {
    schema: 'https://pullplug.dev/schemas/power-cut-states/1.json',
    recordings: recordings.toSorted((a, b) => a.round - b.round),
  }
  return JSON.stringify(record).length < MAX_STATES_BYTES ? record : null
}

/** What is kept of the states of a campaign's recordings. */
export const statesOfCampaign = (kept: readonly KeptRecording[]): PowerCutStatesRecord | null =>
  statesRecord(kept.map(statesOf))

/** The file of a run from those of its shards; null where one has none. */
export function mergePowerCutStates(
  records: readonly (PowerCutStatesRecord | null)[],
): PowerCutStatesRecord | null {
  const there = records.filter((record) => record !== null)
  return there.length === 0 || there.length < records.length
    ? null
    : statesRecord(there.flatMap(({ recordings }) => recordings))
}
