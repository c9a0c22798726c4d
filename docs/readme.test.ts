import { readdirSync } from 'node:fs'
import { lexer } from 'marked'
import { expect, test } from 'vitest'
import type { FailureName } from '../harness/oracle/failure.ts'
import type { Story } from '../harness/story/story.ts'
import { storyInLines } from '../harness/story/story-in-lines.ts'
import { ARCHITECTURES } from '../matrix/cells.ts'
import { parse } from '../matrix/commands/parse.ts'
import { LANGUAGES } from '../matrix/init/languages/index.ts'
import { Page } from '../matrix/testing/page.ts'
import { CONTROL_NAMES, PORTABILITY_CONTROLS } from '../subjects/wal/controls/index.ts'

const ROOT = new URL('../', import.meta.url)
const README = new Page(new URL('README.md', ROOT))
const FINDINGS = new Page(new URL('docs/findings.md', ROOT))

/** Words of what stands before the links: of its prose and its tables, and not of its code and comments. */
function words(): string[] {
  const [before = ''] = README.text.split('\n## More\n')
  const prose = lexer(before)
    .filter(({ type }) => type !== 'code' && type !== 'html')
    .map(({ raw }) => raw)
  return prose.join('').match(/[\p{L}\p{N}][^\s|]*/gu) ?? []
}

test('the README has at most 700 words before its links, without its code', () => {
  const counted = words()
  expect(counted.slice(0, 2)).toEqual(['Pullplug', 'Pullplug'])
  expect(counted).not.toContain('fs.writeFileSync')
  expect(counted.length).toBeLessThanOrEqual(700)
})

test('the README has the lines that set it up', () => {
  expect(README.text).toContain('npm ci && npm run matrix')
  expect(README.text).toContain('npm ci && npm test')
})

/** The rows of a table of the findings' page. */
const rowsOf = (table: string): string[] =>
  FINDINGS.text
    .split(`<!-- ${table} -->`)[1]
    ?.split('<!--')[0]
    ?.match(/^\| \[.*/gm) ?? []

/** The program of a row, without its version. */
const programOf = (row: string): string | undefined => /^\| \[(.+?) v?\d/.exec(row)?.[1]

test('the README counts the findings that the page of them has', () => {
  const [broken, unpromised] = [rowsOf('broken'), rowsOf('unpromised')]
  const programs = new Set([...broken, ...unpromised].map(programOf))
  expect(README.text).toContain(
    `${broken.length} promises that did not hold and ${unpromised.length} losses that nobody had ruled out, in ${programs.size} programs`,
  )
})

test('the README names every program that broke a promise', () => {
  const table = README.section('Findings').toLowerCase()
  const names = rowsOf('broken').map((row) => programOf(row)?.replace(' version', '') ?? row)
  expect(names.filter((name) => !table.includes(name))).toEqual([])
})

test('the other figures of the README are those of the code and of the pages that it names', () => {
  const speed = new Page(new URL('docs/speed.md', ROOT)).text
  const [, states] = /states of ext4, 1 at a time: (\d+) a second/.exec(speed) ?? []
  const [, subjects] = new Page(new URL('subjects/README.md', ROOT)).text.split('| language')
  const figures = [
    `${states} states a second`,
    `${CONTROL_NAMES.length - PORTABILITY_CONTROLS.length} logs that are broken on purpose`,
    `${ARCHITECTURES.length} architectures × ext4 and xfs`,
    `in ${LANGUAGES.length} languages`,
    `${subjects?.match(/^\| \[`/gm)?.length} that stand ready`,
  ]
  const prose = README.text.replaceAll(/\s+/g, ' ')
  expect(figures.filter((figure) => !prose.includes(figure))).toEqual([])
})

const NAMES: Record<FailureName, true> = {
  'acked-lost': true,
  hole: true,
  phantom: true,
  altered: true,
  refused: true,
  'not-idempotent': true,
  'wrong-next': true,
  'wrong-next-seq': true,
  destroyed: true,
  'false-success': true,
  silent: true,
}

/** A story in which nothing is left out, so that its lines have every label. */
const WHOLE: Story = {
  tier: 'power-cut',
  case: '1.1',
  title: 'title',
  asked: [{ change: 'change', outcome: 'acknowledged' }],
  struck: 'struck',
  disk: ['first', 'second'],
  returned: 'returned',
  failures: [
    { name: 'altered', detail: 'detail' },
    { name: 'hole', detail: 'detail' },
  ],
  breaks: 'breaks',
  events: [],
  reduced: null,
  cause: 'cause',
  count: 2,
  replay: 'replay',
}

/** The labels of a story's lines, in their order, and what is no line of one. */
function labelsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    if (/^ {13}\S/.test(line)) return []
    return [/^ {2}(?=\S)(.{9}) {2}\S/.exec(line)?.[1]?.trim() ?? `no line of a story: ${line}`]
  })
}

test('the bug that the README shows is told as a story is, and its last line runs it again', async () => {
  const [command = '', ...shown] = README.codeBehind('caught').split('\n')
  const indented = shown[0]?.search(/\S/) ?? 0
  const [title = '', ...lines] = shown.map((line) => line.slice(indented))
  const labels = labelsOf(lines)
  expect(labels).toEqual(
    labelsOf(storyInLines(WHOLE).slice(1)).filter((label) => labels.includes(label)),
  )
  expect(labels).toEqual(expect.arrayContaining(['asked', 'struck', 'disk', 'came back', 'breaks']))
  expect(Object.keys(NAMES)).toContain(title.split(': ')[0])
  const again = lines.at(-1)?.replace(/^ {2}again {6}/, '') ?? ''
  for (const line of [command.replace('$ ', ''), again]) {
    const [npx, program, ...args] = line.split(' ')
    expect([npx, program, args[0]]).toEqual(['npx', 'pullplug', 'test'])
    expect(await parse(args)).toHaveProperty('command')
  }
})

test('every page of docs is linked by the README, or by another page', () => {
  const pages = readdirSync(new URL('docs/', ROOT)).filter((name) => name.endsWith('.md'))
  const linked = pages.flatMap((page) => {
    const { text } = new Page(new URL(`docs/${page}`, ROOT))
    return pages.filter((name) => name !== page && text.includes(`](${name}`))
  })
  const fromReadme = pages.filter((name) => README.text.includes(`](docs/${name})`))
  expect(fromReadme.length).toBeGreaterThan(15)
  expect(pages.filter((name) => ![...fromReadme, ...linked].includes(name))).toEqual([])
})
