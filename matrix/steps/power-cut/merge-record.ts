import { stateReplayLine } from '../../evidence/replay-line.ts'
import type { PowerCutRecord } from '../../evidence/types.ts'
import { mergeControls } from '../merge-controls.ts'

/** The sums of what the same objects of numbers count. */
function summed<C extends Record<string, unknown>>(counts: C[]): C {
  const [first] = counts as [C, ...C[]]
  const entries = Object.entries(first).map(([name, value]) => {
    const values = counts.map((each) => each[name])
    return [
      name,
      typeof value === 'number'
        ? (values as number[]).reduce((sum, each) => sum + each, 0)
        : summed(values as Record<string, unknown>[]),
    ]
  })
  return Object.fromEntries(entries) as C
}

/**
 * The `power-cut.json` of a run from those of its shards (null where there is none), which made different
 * rounds. `path` is where the run will stand, and
 * `subjectPath` where its subject's description stood.
 */
export function mergePowerCut(
  records: readonly (PowerCutRecord | null)[],
  { path, subjectPath }: { path: string; subjectPath: string | null },
): PowerCutRecord | null {
  const there = records.filter((record) => record !== null)
  const [first] = there
  if (first === undefined) return null
  const counts = summed(
    there.map(({ rounds, entries, states, confirmations, flushes, marker, injector }) => ({
      rounds,
      entries,
      states,
      confirmations,
      flushes,
      marker,
      injector,
    })),
  )
  return {
    ...first,
    ...counts,
    problems: there
      .flatMap(({ problems }) => problems)
      .map((problem) => ({
        ...problem,
        replay: stateReplayLine(path, problem.state, subjectPath),
      })),
    controls: mergeControls(there.map(({ controls }) => controls)),
    recordings: there.flatMap(({ recordings }) => recordings).sort((a, b) => a.round - b.round),
  }
}
