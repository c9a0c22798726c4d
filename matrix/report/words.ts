import type { Story } from '../../harness/story/story.ts'
import { storyInLines } from '../../harness/story/story-in-lines.ts'
import { plainLine } from '../../harness/text/shown.ts'
import type { ReportCell, ReportModel, ReportVerdict } from './model.ts'

/** A verdict in words, where a report has more of them than a run. */
export const VERDICT_WORDS: Record<ReportVerdict, string> = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
  skipped: 'skipped',
  invalid: 'evidence not valid',
  absent: 'not run',
}

/** Such as `amd64/ext4`. */
export const nameOfCell = ({ arch, fileSystem }: ReportCell): string => `${arch}/${fileSystem}`

/** Such as `0.4 s` or `3 min 20 s`. */
export function durationInWords(durationMs: number): string {
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** The verdict of all in a sentence: how many runs of how many cells, and what they came to. */
export function verdictInWords({ cells, verdict, subjects }: ReportModel): string {
  const run = cells.filter(({ runs }) => runs.length > 0)
  const runs = run.flatMap((cell) => cell.runs)
  const failed = runs.filter((each) => each.verdict === 'fail').length
  const count = (number: number, what: string): string =>
    `${number} ${what}${number === 1 ? '' : 's'}`
  const did = failed === 0 ? '' : `, ${failed} failed`
  const of = subjects.length === 0 ? '' : ` of ${subjects.join(', ')}`
  return `${VERDICT_WORDS[verdict]}: ${count(runs.length, 'run')}${of} in ${count(run.length, 'cell')}${did}`
}

/** A story as lines that may be written anywhere: nothing hidden, each of them one line. */
export const plainStory = (story: Story): string[] => storyInLines(story).map(plainLine)
