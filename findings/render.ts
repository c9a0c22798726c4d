import Table from 'cli-table3'
import { PLAIN_TABLE } from '../matrix/plain-table.ts'
import type { Decision } from './decide.ts'
import { casesAndContents, passedOf, shownIn } from './figures.ts'
import type { Result } from './result.ts'
import type { Row } from './row.ts'

export interface Decided {
  name: string
  row: Row
  result: Result
  decision: Decision
}

const FILE_SYSTEMS = ['ext4', 'xfs'] as const

/** What came of the findings: a table, and a sentence for each that is not as its row says. */
export function renderFindings(all: readonly Decided[]): string[] {
  const head = ['finding', 'subject', 'kind', ...FILE_SYSTEMS, 'passes', 'outcome']
  const table = new Table({ ...PLAIN_TABLE, head })
  for (const { name, row, result, decision } of all) {
    const cells = FILE_SYSTEMS.map((fileSystem) =>
      row.kind === 'kept'
        ? casesAndContents(result.runs, fileSystem)
        : shownIn(row, result, fileSystem),
    )
    const passing = passedOf(row.kind === 'kept' ? result.runs : result.cured)
    const passes = row.kind === 'kept' ? passing : `cured ${passing}`
    const outcome = decision.outcome.replaceAll('-', ' ')
    table.push([name, result.version, row.kind, ...cells, passes, outcome])
  }
  const others = all.filter(({ decision }) => decision.outcome !== 'as-told')
  return [
    ...table.toString().split('\n'),
    ...others.map(({ name, decision: { outcome, why } }) => `${name}: ${outcome}: ${why}`),
  ]
}
