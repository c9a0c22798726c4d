import { stripVTControlCharacters } from 'node:util'
import { Table } from './bundled/table.ts'
import { PLAIN_TABLE } from './plain-table.ts'

export interface Column<Row> {
  head: string
  /** What stands in it, on one line. */
  cell: (row: Row) => string
  /** Whether it is of numbers, which stand below each other by their last digit. */
  isNumber?: boolean
  /** Where there is no room, those with the highest are left out first; one without is never left out. */
  spare?: number
}

const GAP_CHARS = 2
/** Where nobody can be asked, and what every terminal has. */
const USUAL_COLUMNS = 80

/** How many characters fit on a line of standard output. */
export function lineChars({ isTTY, columns } = process.stdout): number {
  return isTTY && columns > 0 ? columns : USUAL_COLUMNS
}

const lengthOf = (text: string): number => stripVTControlCharacters(text).length

/**
 * A table as wide as what is in it. Where that is wider than `chars`, columns are left out that can be spared, and so is
 * one in which nothing stands.
 */
export function fittedTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  chars: number = lineChars(),
): string[] {
  const all = columns
    .map((column) => ({ ...column, texts: rows.map(column.cell) }))
    .filter(({ texts }) => texts.some((text) => text !== ''))
    .map((column) => ({
      ...column,
      chars: Math.max(...[column.head, ...column.texts].map(lengthOf)) + GAP_CHARS,
    }))
  const tooWide = (): boolean => all.reduce((sum, each) => sum + each.chars, -GAP_CHARS) > chars
  const spares = all.filter(({ spare }) => spare !== undefined)
  for (const spare of spares.sort((a, b) => (b.spare as number) - (a.spare as number))) {
    if (tooWide()) all.splice(all.indexOf(spare), 1)
  }
  const table = new Table({
    ...PLAIN_TABLE,
    head: all.map(({ head }) => head),
    colAligns: all.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
  })
  table.push(...rows.map((_, at) => all.map(({ texts }) => texts[at])))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}
