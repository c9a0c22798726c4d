import { shows } from './decide.ts'
import type { Result, Run, Story } from './result.ts'
import type { FailedRow, Row } from './row.ts'

/** With commas, as people read numbers. */
export const number = (value: number): string => value.toLocaleString('en')

const on = (runs: readonly Run[], fileSystem: string): Run[] =>
  runs.filter((run) => run.fileSystem === fileSystem)

/** In how many runs on a file system a finding was shown, such as `4 of 5`, or that it was not run there. */
export function shownIn(row: FailedRow, { runs }: Result, fileSystem: string): string {
  const there = on(runs, fileSystem)
  if (there.length === 0) return 'not run'
  return `${there.filter((run) => shows(row, run)).length} of ${there.length}`
}

const sum = (runs: readonly Run[], what: 'cases' | 'contents'): string =>
  number(runs.reduce((total, run) => total + Number(run[what]), 0))

/** Such as `1,204 / 87`: cases, and different contents among them where those are counted, of all runs. */
export function casesAndContents(runs: readonly Run[], fileSystem: string): string {
  const there = on(runs, fileSystem)
  if (there.length === 0) return 'not run'
  const isCounted = there.every(({ contents }) => contents !== null)
  return isCounted ? `${sum(there, 'cases')} / ${sum(there, 'contents')}` : sum(there, 'cases')
}

/** Such as `10 of 10`. */
export const passedOf = (runs: readonly Run[]): string =>
  `${runs.filter(({ verdict }) => verdict === 'pass').length} of ${runs.length}`

/** The story with the fewest acknowledged changes of a file system; null where nothing was shown there. */
export function smallestStory(row: Row, { runs }: Result, fileSystem: string): Story | null {
  const stories = on(runs, fileSystem)
    .filter((run) => row.kind !== 'kept' && shows(row, run))
    .flatMap(({ story }) => (story === null ? [] : [story]))
  return stories.sort((a, b) => a.acked - b.acked)[0] ?? null
}
