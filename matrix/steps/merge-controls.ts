import type { ControlRecord } from '../evidence/types.ts'

/** The controls of a run from those of its shards, which put each to the test: caught only where all caught it. */
export function mergeControls<C extends Pick<ControlRecord, 'name' | 'caught'>>(
  controls: readonly (readonly C[])[],
): C[] {
  const all = controls.flat()
  const names = [...new Set(all.map(({ name }) => name))]
  return names.flatMap((name) => {
    const records = all.filter((control) => control.name === name)
    return records.find(({ caught }) => !caught) ?? records.slice(0, 1)
  })
}
