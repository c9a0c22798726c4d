import { plainLine, shown } from '../../harness/text/shown.ts'
import { colours } from '../colours.ts'
import { type Column, fittedTable, lineChars } from '../fitted-table.ts'
import { coloured } from '../verdict-colours.ts'
import { namedInWords, secondsInWords, verdictLine } from '../verdict-line.ts'
import type { TestReport, TierReport } from './report.ts'
import { problemInLines } from './tell-problem.ts'

/** What a tier came to, in a line. */
export function tierLine({ title, fileSystem, verdict, reason }: TierReport): string {
  return `  ${title} on ${fileSystem}: ${verdict}${reason === null ? '' : `: ${reason}`}`
}

/** How many of the controls that are due were caught. */
function controlsOf({ result }: TierReport): string {
  if (result === null) return ''
  const due = result.controls.filter(({ unseenBecause }) => unseenBecause === null)
  const caught = due.filter((control) => control.caught).length
  return due.length === 0 ? 'none' : `${caught}/${due.length}`
}

/** How many cases were tried, and of how many where that is known. */
function casesOf({ result }: TierReport): string {
  if (result === null) return ''
  return result.of === null ? String(result.cases) : `${result.cases} of ${result.of}`
}

const COLUMNS: readonly Column<TierReport>[] = [
  { head: 'tier', cell: ({ tier }) => tier },
  { head: 'on', cell: ({ fileSystem }) => fileSystem },
  { head: 'verdict', cell: ({ verdict }) => coloured(verdict) },
  { head: 'cases', cell: casesOf, isNumber: true, spare: 1 },
  { head: 'failed', cell: ({ result }) => String(result?.failed ?? ''), isNumber: true },
  {
    head: 'contents',
    cell: ({ result }) => String(result?.distinct ?? ''),
    isNumber: true,
    spare: 3,
  },
  { head: 'controls', cell: controlsOf, isNumber: true, spare: 2 },
  {
    head: 's',
    cell: ({ durationMs }) => (durationMs / 1000).toFixed(1),
    isNumber: true,
    spare: 4,
  },
]

function problemsOf(tier: TierReport): string[] {
  const { title, fileSystem, result, replays } = tier
  if (result === null || result.problems.length === 0) return []
  const stories = result.problems.flatMap((problem, index) => [
    '',
    ...problemInLines(problem, replays[index] ?? '').map((line) => `  ${line}`),
  ])
  return ['', `${title} on ${fileSystem}:`, ...stories]
}

/** What a subject came to, in one line: where it failed, or what it passed, what was not run, and what runs it again. */
export function verdictOfTest({ verdict, subject, seed, tiers }: TestReport): string {
  const of = (each: TierReport['verdict']): TierReport[] =>
    tiers.filter((tier) => tier.verdict === each)
  const named = (some: readonly TierReport[]): string =>
    namedInWords([...new Set(some.map(({ tier, fileSystem }) => `${tier} on ${fileSystem}`))])
  const fileSystems = [...new Set(of('pass').map(({ fileSystem }) => fileSystem))].join(', ')
  const where = verdict === 'pass' ? ` on ${fileSystems}` : ` in ${named(of(verdict))}`
  const ran = tiers.some((tier) => tier.verdict !== 'skipped')
  return verdictLine(verdict, [
    `${shown(subject)}${ran ? where : ', of which nothing could be run'}`,
    of('skipped').length === 0 ? '' : `not run: ${named(of('skipped'))}`,
    `seed ${seed}`,
    secondsInWords(tiers.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  ])
}

/** The title of a story, which stands two characters in, and more so what follows it, with its name in colour. */
const withColouredTitle = (line: string): string =>
  line.replace(/^( {2})([a-z][a-z -]*)(?=: )/, (_, indent: string, name: string) => {
    return `${indent}${name === 'not judged' ? colours.yellow(name) : colours.red(name)}`
  })

/**
 * The report in words: a table, each failure with the line that runs it again, and the verdict; where it is to be quiet
 * without the table and the remarks.
 */
export function renderTest(
  report: TestReport,
  { quiet = false, chars = lineChars() } = {},
): string {
  const { tiers } = report
  const skipped = tiers.filter(({ verdict }) => verdict === 'skipped').map(tierLine)
  const remarks = tiers.flatMap(({ title, fileSystem, result }) =>
    result?.remark ? [`  ${title} on ${fileSystem}: ${result.remark}`] : [],
  )
  const plain = (lines: readonly string[]): string[] => lines.map(plainLine)
  const problems = plain(tiers.flatMap(problemsOf)).map(withColouredTitle)
  const more = plain([...skipped, ...remarks])
  const verdict = verdictOfTest(report)
  if (quiet) return [...problems.slice(1), ...(problems.length > 0 ? [''] : []), verdict].join('\n')
  return [...fittedTable(COLUMNS, tiers, chars), ...problems, ...more, '', verdict].join('\n')
}
