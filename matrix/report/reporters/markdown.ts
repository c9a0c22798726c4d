import { cellName } from '../../text/cell-name.ts'
import { codeSpan } from '../../text/markdown.ts'
import { foldedStory, foldedWithin } from '../folded-story.ts'
import { MAX_COMMENT_CHARS } from '../limits.ts'
import { type ReportModel, type ReportRun, type ReportVerdict, storiesOf } from '../model.ts'
import { nameOfCell, plainStory, VERDICT_WORDS, verdictInWords } from '../words.ts'
import type { Reporter } from './reporter.ts'

export const SIGNS: Record<ReportVerdict, string> = {
  pass: '✅',
  fail: '❌',
  inconclusive: '⚠️',
  skipped: '➖',
  invalid: '⛔',
  absent: '—',
}

interface PlacedRun {
  cell: string
  run: ReportRun
}

const runsOf = ({ cells }: ReportModel): PlacedRun[] =>
  cells.flatMap((cell) => cell.runs.map((run) => ({ cell: cellName(nameOfCell(cell)), run })))

function stepOf({ steps }: ReportRun, name: string): string {
  const step = steps.find((each) => each.name === name)
  return step === undefined ? SIGNS.absent : SIGNS[step.verdict]
}

/** A row a run, a column a step. */
function table(runs: readonly PlacedRun[]): string[] {
  const steps = [...new Set(runs.flatMap(({ run }) => run.steps.map(({ name }) => name)))]
  return [
    `| cell | run | verdict | ${steps.map((name) => cellName(name)).join(' | ')} |`,
    `| --- | --- | --- |${' :-: |'.repeat(steps.length)}`,
    ...runs.map(({ cell, run }) => {
      const verdict = `${SIGNS[run.verdict]} ${VERDICT_WORDS[run.verdict]}`
      const cells = steps.map((name) => stepOf(run, name))
      return `| ${cell} | ${cellName(run.name)} | ${[verdict, ...cells].join(' | ')} |`
    }),
  ]
}

function reasonsOf({ cell, run }: PlacedRun): string[] {
  if (run.problem !== null) {
    return [`${SIGNS.invalid} **${cell} ${cellName(run.name)}**: ${codeSpan(run.problem)}`, '']
  }
  const bad = run.steps.filter(({ reason, verdict }) => reason !== null && verdict !== 'skipped')
  return bad.flatMap(({ name, verdict, reason }) => [
    `${SIGNS[verdict]} **${cell} ${cellName(name)}**: ${codeSpan(reason ?? '')}`,
    '',
  ])
}

/** Room for what says that something was left out. */
const TAIL_CHARS = 200

/** Lines as far as they fit, and one that says how many do not. */
function linesWithin(lines: readonly string[], maxChars: number): string[] {
  let chars = 0
  const fit = lines.findIndex((line) => {
    chars += line.length + 1
    return chars > maxChars
  })
  if (fit === -1) return [...lines]
  return [
    ...lines.slice(0, fit),
    '',
    `…and ${lines.length - fit} more lines, which do not fit here.`,
    '',
  ]
}

/** Short, for a comment on a pull request, which GitHub takes up to 65,536 characters of. */
export const markdown: Reporter = {
  name: 'markdown',
  describe: 'a comment for a pull request',
  defaultFile: 'pullplug-report.md',
  render(model) {
    const runs = runsOf(model)
    const head = linesWithin(
      [
        `## ${SIGNS[model.verdict]} Pullplug: ${VERDICT_WORDS[model.verdict]}`,
        '',
        codeSpan(verdictInWords(model)),
        '',
        ...model.problems.flatMap((problem) => [`${SIGNS.invalid} ${codeSpan(problem)}`, '']),
        ...table(runs),
        '',
        ...runs.flatMap(reasonsOf),
      ],
      MAX_COMMENT_CHARS / 2,
    )
    const stories = runs
      .flatMap(({ cell, run }) => storiesOf(run).map((each) => ({ cell, ...each })))
      .map(({ cell, step, story }, at) =>
        foldedStory(`${cell} ${cellName(step.name)}`, plainStory(story), at === 0),
      )
    const used = head.join('\n').length + TAIL_CHARS
    return `${[...head, ...foldedWithin(stories, MAX_COMMENT_CHARS - used)].join('\n')}\n`
  },
}
