import Table from 'cli-table3'
import { PLAIN_TABLE } from '../plain-table.ts'
import { storyOf, type TestReport, type TierReport } from './report.ts'

/** What a tier came to, in a line. */
export function tierLine({ title, fileSystem, verdict, reason }: TierReport): string {
  return `  ${title} on ${fileSystem}: ${verdict}${reason === null ? '' : `: ${reason}`}`
}

function controlsOf({ result }: TierReport): string {
  if (result === null) return ''
  const due = result.controls.filter(({ unseenBecause }) => unseenBecause === null)
  const caught = due.filter((control) => control.caught).length
  return due.length === 0 ? 'none applies' : `${caught} of ${due.length} caught`
}

/** How many cases were tried, and of how many where that is known. */
function casesOf({ result }: TierReport): string {
  if (result === null) return ''
  return result.of === null ? String(result.cases) : `${result.cases} of ${result.of}`
}

function tableOf({ tiers }: TestReport): string {
  const head = ['tier', 'file system', 'verdict', 'cases', 'failed', 'contents', 'controls', 's']
  const table = new Table({ ...PLAIN_TABLE, head })
  for (const tier of tiers) {
    const { result, durationMs } = tier
    table.push([
      tier.tier,
      tier.fileSystem,
      tier.verdict,
      casesOf(tier),
      String(result?.failed ?? ''),
      String(result?.distinct ?? ''),
      controlsOf(tier),
      (durationMs / 1000).toFixed(1),
    ])
  }
  return table.toString()
}

function problemsOf(tier: TierReport): string[] {
  const { title, fileSystem, result, replays } = tier
  if (result === null || result.problems.length === 0) return []
  const stories = result.problems.flatMap((problem, index) => [
    `  ${storyOf(problem)}`,
    `    ${replays[index]}`,
  ])
  return ['', `${title} on ${fileSystem}:`, ...stories]
}

/** The report in words: a table, each failure with the line that runs it again, and the verdict. */
export function renderTest(report: TestReport): string[] {
  const skipped = report.tiers.filter(({ verdict }) => verdict === 'skipped')
  return [
    ...tableOf(report).split('\n'),
    ...report.tiers.flatMap(problemsOf),
    ...skipped.map(tierLine),
    ...report.tiers.flatMap(({ title, fileSystem, result }) =>
      result?.remark ? [`  ${title} on ${fileSystem}: ${result.remark}`] : [],
    ),
    '',
    `${report.verdict}: ${report.subject}, seed ${report.seed}`,
  ]
}
