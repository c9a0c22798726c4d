import { IO_ERRORS } from '../harness/io-error/errors/index.ts'
import type { Description } from '../harness/subject/description.ts'
import { promiseFor } from '../harness/subject/promise.ts'
import { codeSpan } from '../matrix/text/markdown.ts'
import { shows } from './decide.ts'
import { casesAndContents, number, passedOf, shownIn, smallestStory } from './figures.ts'
import type { Result, Run } from './result.ts'
import { type FailedRow, type KeptRow, type Row, TIERS } from './row.ts'
import { testArguments } from './run-test.ts'

/** A finding with all that its place on the page is made of. */
export interface Told<R extends Row = Row> {
  name: string
  row: R
  result: Result
  /** The description that has the words of the promise. */
  documented: Description
}

const KINDS = ['broken', 'unpromised', 'kept'] as const

/** A table of Markdown, with its columns padded as Biome wants them. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((cells) => cells[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] as number)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}

const command = (name: string): string => `\`npm run findings -- ${name}\``

const linkTo = (name: string, text: string): string => `[${text}](#${name})`

/** The command of the first run that showed it. */
function oneRun(row: FailedRow, { runs }: Result): string {
  const { seed } = runs.find((run) => shows(row, run)) ?? { seed: row.seeds[0] as number }
  return `npx pullplug ${testArguments(row, row.description, seed).join(' ')}`
}

const promised = ({ documented: { words, source } }: Told): string =>
  `“${words}” (${source === undefined ? '[docs/format.md](format.md)' : `[source](${source})`})`

/** What the figures of runs are. */
const figuresOf = ([run]: readonly Run[]): string =>
  run?.contents === null ? 'cases' : 'cases / contents'

/** The promises that a tier puts to the test, each once. */
function promisesUnder({ tier }: Row, { promises }: Description): string {
  const each = TIERS[tier].faults.map((fault) => promiseFor(promises, fault))
  return [...new Set(each)].join(', ')
}

/** Which cases show it, where cases of another error do not count. */
function countedCases({ error }: FailedRow): string[] {
  if (error === undefined) return []
  return [
    `- Only cases of \`${error}\` count: an operation ${IO_ERRORS[error].inWords}. Other errors may show it as well.`,
  ]
}

function sectionOf(told: Told<FailedRow>): string[] {
  const { name, row, result } = told
  const stories = row.fileSystems.flatMap((fileSystem) => {
    const story = smallestStory(row, result, fileSystem)
    if (story === null) return []
    return [`- The smallest on ${fileSystem}: ${codeSpan(story.words)}. Again: \`${story.replay}\``]
  })
  const others = row.fileSystems.filter((fileSystem) => !row.shownOn.includes(fileSystem))
  const cured = row.fileSystems.map(
    (fileSystem) => `${fileSystem} ${casesAndContents(result.cured, fileSystem)}`,
  )
  return [
    `### ${name}`,
    '',
    `${row.title}. ${row.remark}`,
    '',
    `- Its documentation: ${promised(told)}.`,
    ...countedCases(row),
    ...stories,
    ...others.map(
      (fileSystem) =>
        `- On ${fileSystem} ${shownIn(row, result, fileSystem)} runs showed it, and the finding does not depend on them.`,
    ),
    `- Cure: ${row.cure} [The cured variant](../subjects/${row.cured}) passes in ${passedOf(result.cured)} runs (${figuresOf(result.cured)}: ${cured.join(', ')}).`,
    `- The first run that showed it: \`${oneRun(row, result)}\``,
    `- Seen with ${result.version}, ${result.machine}, ${row.seeds.length} seeds, ${number(result.seconds)} seconds a run.`,
    '',
  ]
}

function failedBlock(all: readonly Told<FailedRow>[]): string[] {
  const head = ['subject', 'fault', 'what was shown', 'ext4', 'xfs', 'cured passes', 'command']
  const rows = all.map(({ name, row, result }) => [
    linkTo(name, result.version),
    TIERS[row.tier].inWords,
    row.title,
    ...['ext4', 'xfs'].map((fileSystem) => shownIn(row, result, fileSystem)),
    passedOf(result.cured),
    command(name),
  ])
  return [...tableOf(head, rows), '', ...all.flatMap(sectionOf)]
}

function keptBlock(all: readonly Told<KeptRow>[]): string[] {
  const head = ['subject', 'fault', 'promise after it', 'passes', 'ext4', 'xfs', 'command']
  const rows = all.map((told) => {
    const { name, row, result, documented } = told
    const promise = `${promisesUnder(row, documented)}: ${promised(told)}`
    return [
      `[${row.title}](../subjects/${row.description}), ${result.version}`,
      TIERS[row.tier].inWords,
      promise,
      passedOf(result.runs),
      ...['ext4', 'xfs'].map((fileSystem) => casesAndContents(result.runs, fileSystem)),
      command(name),
    ]
  })
  return tableOf(head, rows)
}

/** The lines of the page that are made of results, by the name of their block. */
export function blocksOf(all: readonly Told[]): Map<string, string> {
  const ofKind = (kind: Row['kind']): Told[] => all.filter(({ row }) => row.kind === kind)
  return new Map(
    KINDS.map((kind) => {
      const lines =
        kind === 'kept'
          ? keptBlock(ofKind(kind) as Told<KeptRow>[])
          : failedBlock(ofKind(kind) as Told<FailedRow>[])
      return [kind, lines.join('\n').trim()]
    }),
  )
}

/** The page with its blocks replaced: what stands between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function pageWith(page: string, blocks: ReadonlyMap<string, string>): string {
  let text = page
  for (const [name, block] of blocks) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`the page has no block ${name}`)
    text = `${text.slice(0, from + begin.length)}\n\n${block}\n\n${text.slice(to)}`
  }
  return text
}
