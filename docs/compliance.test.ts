import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ROOT = new URL('../', import.meta.url)

/** What the page must prove. A test's title belongs to the clause that it begins with. */
const CLAUSES = [
  '§3.3 frame',
  '§3.3 tail',
  ...['R1', 'R2', 'R3', 'R4', 'R5'],
  '§3.3 fail-hard record',
  '§3.4 steady state',
  '§3.4 telemetry.pos excluded',
  '§3.4 first run',
  '§3.4 steady fail-hard',
  '§3.4 legacy upgrade',
  '§3.4.1 operator reset: with a marker',
  '§3.4.1 operator reset: without the variable',
  '§3.4.1 operator reset: with frames in the log',
  '§3.5 encoding',
  '§3.5 corrupt safe_seq',
  '§3.5 replace',
  '§3.5 order: 1',
  '§3.5 order: 2',
  '§3.5 order: 3',
  '§3.5 monotonic',
  '§3.5 after recovery',
  '§3.5 tmp',
  '§3.6 directory sync after rename',
  '§3.6 no directory sync after a log append',
  'bad JSON: at open',
  'bad JSON: at read',
  'size',
  ...['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'S10', 'S11', 'S12'],
  ...['trap 1', 'trap 2', 'trap 3', 'trap 4', 'trap 5'],
  ...['cut', 'kept', 'changed behind', 'not a file'],
]
const LOOKS_LIKE_A_CLAUSE =
  /^(§|[RS]\d|trap \d|bad JSON|(size|cut|kept|changed behind|not a file):)/
const TITLE = /(?:\btest|\bproperty|\))\(\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g

interface Row {
  clause: string
  code: { file: string; identifiers: string[] }[]
  tests: string[]
}

const spans = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((span) => span[1] as string)

/** The rows of the page's table. One without a clause carries on the one above. */
function rowsOf(page: string): Row[] {
  const lines = page.split('\n').filter((line) => line.startsWith('|'))
  const rows: Row[] = []
  for (const line of lines.slice(2)) {
    const [clause = '', , code = '', tests = ''] = line
      .split('|')
      .slice(1)
      .map((c) => c.trim())
    if (clause !== '') rows.push({ clause, code: [], tests: [] })
    const [file, ...identifiers] = spans(code)
    if (file !== undefined) rows.at(-1)?.code.push({ file, identifiers })
    rows.at(-1)?.tests.push(...spans(tests))
  }
  return rows
}

function defines(source: string, identifier: string): boolean {
  return [
    `^(export )?(const|let|class|interface|type|function\\*?) ${identifier}\\b`,
    `^ {2}(static |get |\\*)*${identifier}\\(.*\\{$`,
    `^ {2}(readonly )?${identifier}\\??: `,
  ].some((definition) => new RegExp(definition, 'm').test(source))
}

const clauseOf = (title: string) =>
  CLAUSES.find((clause) => title.startsWith(clause) && !/^\w/.test(title.slice(clause.length)))

/** Everything in which the page and the sources (text by path) are not one. */
function audit(page: string, sources: Record<string, string>): string[] {
  const rows = rowsOf(page)
  const titles = Object.entries(sources)
    .filter(([path]) => path.endsWith('.test.ts'))
    .flatMap(([, source]) => [...source.matchAll(TITLE)].map((match) => match[2] as string))
  const found: string[] = []
  for (const clause of CLAUSES) {
    const row = rows.find((candidate) => candidate.clause === clause)
    if (row === undefined) found.push(`no row for ${clause}`)
    else if (row.tests.length === 0) found.push(`no test for ${clause}`)
    else if (row.code.length === 0) found.push(`no code for ${clause}`)
  }
  for (const { clause, code, tests } of rows) {
    if (!CLAUSES.includes(clause)) found.push(`no such clause: ${clause}`)
    for (const { file, identifiers } of code) {
      const source = sources[file]
      if (source === undefined) {
        found.push(`no such file: ${file}`)
        continue
      }
      for (const identifier of identifiers) {
        if (!defines(source, identifier)) found.push(`not defined in ${file}: ${identifier}`)
      }
    }
    for (const title of tests) if (!titles.includes(title)) found.push(`no such test: ${title}`)
  }
  for (const title of titles.filter((candidate) => LOOKS_LIKE_A_CLAUSE.test(candidate))) {
    const clause = clauseOf(title)
    if (clause === undefined) found.push(`begins with no clause: ${title}`)
    else if (!rows.some((row) => row.clause === clause && row.tests.includes(title))) {
      found.push(`not listed for ${clause}: ${title}`)
    }
  }
  return found
}

const page = readFileSync(new URL('docs/compliance.md', ROOT), 'utf8')
const sources = Object.fromEntries(
  readdirSync(new URL('wal/', ROOT))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`wal/${name}`, readFileSync(new URL(`wal/${name}`, ROOT), 'utf8')]),
)

test('the compliance page and the log’s code and tests are one', () => {
  expect(audit(page, sources)).toEqual([])
})

/** The page without the one line that holds `text`. */
const without = (text: string) =>
  page
    .split('\n')
    .filter((line) => !line.includes(text))
    .join('\n')

test.each([
  ['a clause without a row', without('| S4 '), 'no row for S4'],
  [
    'a clause without a test',
    page.replace('`S4: a corrupt safe_seq fails hard`', ''),
    'no test for S4',
  ],
  ['a clause without code', page.replace(/(\| S4 .*\| )`wal[^|]*/, '$1'), 'no code for S4'],
  ['a row for no clause', page.replace('| S4 ', '| S13 '), 'no such clause: S13'],
  [
    'a file that is not there',
    page.replace('wal/scan.ts', 'wal/skim.ts'),
    'no such file: wal/skim.ts',
  ],
  [
    'an identifier that the file only uses',
    page.replace('`wal/recovery.ts` `settle`', '`wal/recovery.ts` `replaceSafePoint`'),
    'not defined in wal/recovery.ts: replaceSafePoint',
  ],
  [
    'a test that is not there',
    page.replace('`S4: a corrupt', '`S4: another corrupt'),
    'no such test: S4: another corrupt safe_seq fails hard',
  ],
  [
    'a test under another clause only',
    page.replace('`S4: a corrupt safe_seq fails hard`', '`S10 corpus: %s`'),
    'not listed for S4: S4: a corrupt safe_seq fails hard',
  ],
])('the audit finds %s', (_, altered, complaint) => {
  expect(altered).not.toBe(page)
  expect(audit(altered, sources)).toContain(complaint)
})

test.each([
  ["test('R1: another', () => {})", 'not listed for R1: R1: another'],
  ["test.each([\n  1,\n])(\n  'S10 more: %i',\n  () => {})", 'not listed for S10: S10 more: %i'],
  ['property("trap 6: a new one", [], () => {})', 'begins with no clause: trap 6: a new one'],
])('the audit finds a new test, %s, that the page lacks', (source, complaint) => {
  expect(audit(page, { ...sources, 'wal/new.test.ts': source })).toEqual([complaint])
})
