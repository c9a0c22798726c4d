import { expect, test } from 'vitest'
import { type Column, fittedTable, lineChars } from './fitted-table.ts'

interface Row {
  name: string
  count: number
  note: string
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'name', cell: ({ name }) => name },
  { head: 'count', cell: ({ count }) => String(count), isNumber: true, spare: 1 },
  { head: 'note', cell: ({ note }) => note, spare: 2 },
]
const ROWS: readonly Row[] = [
  { name: 'first', count: 3, note: 'n'.repeat(20) },
  { name: 'second', count: 1200, note: '\u001b[31mred\u001b[39m' },
]
const at = (chars: number): string[] => fittedTable(COLUMNS, ROWS, chars)

test('a table is as wide as what is in it, however wide the terminal', () => {
  expect(at(1000)).toEqual(at(35))
  expect(at(1000)).toEqual([
    'name    count  note',
    `first       3  ${'n'.repeat(20)}`,
    'second   1200  \u001b[31mred\u001b[39m',
  ])
})

test('what can be spared is left out where there is no room, most of all first', () => {
  expect(at(34)).toEqual(['name    count', 'first       3', 'second   1200'])
  expect(at(12)).toEqual(['name', 'first', 'second'])
  expect(at(1)).toEqual(['name', 'first', 'second'])
})

test('a column in which nothing stands is left out', () => {
  const rows = ROWS.map((row) => ({ ...row, note: '' }))
  expect(fittedTable(COLUMNS, rows, 80)[0]).toBe('name    count')
})

test('only a terminal says how many characters fit on a line', () => {
  expect(lineChars({ isTTY: true, columns: 43 } as never)).toBe(43)
  expect(lineChars({ isTTY: false, columns: 43 } as never)).toBe(80)
  expect(lineChars({} as never)).toBe(80)
})
