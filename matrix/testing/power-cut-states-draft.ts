import type { PowerCutStatesRecord } from '../evidence/power-cut-states.ts'
import type { Draft } from './draft.ts'

/** What the states of a draft's recordings showed: each new content first, then the first one again; as many failed as are listed. */
export function statesOfDraft({ powerCut }: Draft): PowerCutStatesRecord {
  const { recordings = [], problems = [] } = powerCut ?? {}
  return {
    schema: 'https://pullplug.dev/schemas/power-cut-states/1.json',
    recordings: recordings.map(({ round, tried, contents }) => ({
      round,
      contents: Array.from({ length: tried }, (_, index) => (index < contents ? index + 1 : 1)),
      failed: problems.flatMap(({ state, failures }) => {
        const [where, number] = state.split('.').map(Number)
        return where === round && failures.length > 0 ? [number as number] : []
      }),
      unjudged: [],
    })),
  }
}
