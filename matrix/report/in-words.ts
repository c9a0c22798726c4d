import { plainLine } from '../../harness/text/shown.ts'
import { type ReportModel, type ReportRun, storiesOf } from './model.ts'
import { nameOfCell, plainStory, VERDICT_WORDS, verdictInWords } from './words.ts'

function runInWords(cell: string, run: ReportRun): string[] {
  const steps = run.steps.map(
    ({ name, verdict, figures, reason }) =>
      `  ${name}: ${VERDICT_WORDS[verdict]}${figures === '' ? '' : ` ${figures}`}${reason === null ? '' : ` (${reason})`}`,
  )
  const problem = run.problem === null ? [] : [`  ${run.problem}`]
  return [`${cell} ${run.name}: ${VERDICT_WORDS[run.verdict]}`, ...problem, ...steps].map(plainLine)
}

/** A report as lines for a terminal: each run with its steps, the stories, what is wrong with the evidence, the verdict. */
export function reportInWords(model: ReportModel): string[] {
  const runs = model.cells.flatMap((cell) =>
    cell.runs.map((run) => ({ cell: nameOfCell(cell), run })),
  )
  const stories = runs.flatMap(({ run }) => storiesOf(run).map(({ story }) => story))
  return [
    ...runs.flatMap(({ cell, run }) => runInWords(cell, run)),
    ...stories.flatMap((story) => ['', ...plainStory(story)]),
    ...model.problems.map((problem) => plainLine(`problem: ${problem}`)),
    '',
    plainLine(verdictInWords(model)),
  ]
}
