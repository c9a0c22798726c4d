import type { Story } from '../../harness/story/story.ts'
import { storiesOf } from '../report/model.ts'
import { reportOfRun } from '../report/of-run.ts'
import type { PlacedRun } from './decision.ts'

/** The stories of each cell's runs, by the cell's name. */
export type StoriesByCell = ReadonlyMap<string, readonly Story[]>

/** What is told of the runs that a decision is made of; nothing of those that can't be believed. */
export function storiesByCell(runs: readonly PlacedRun[]): StoriesByCell {
  const stories = new Map<string, Story[]>()
  for (const { arch, fileSystem, read } of runs) {
    if (!read.ok) continue
    const name = `${arch}/${fileSystem}`
    const told = storiesOf(reportOfRun(read, { recordings: 0 })).map(({ story }) => story)
    stories.set(name, [...(stories.get(name) ?? []), ...told])
  }
  return stories
}
