import { relative } from 'node:path'
import { storyInLines } from '../harness/story/story-in-lines.ts'
import { plainLine, shown, shownPath } from '../harness/text/shown.ts'
import { colours } from './colours.ts'
import type { StepRecord } from './evidence/types.ts'
import { type Column, fittedTable, lineChars } from './fitted-table.ts'
import type { CellRun } from './run-cell.ts'
import { rowOf } from './steps/index.ts'
import { coloured } from './verdict-colours.ts'

/** Of more runs than this, only the steps that did not pass are shown. */
const MAX_SHOWN_WHOLE = 4

/** A step of a run; null for the run's own line, above those of its steps. */
interface Line {
  ran: CellRun
  step: StepRecord | null
}

const cellOf = ({ run: { cell, run } }: CellRun, runs: readonly CellRun[]): string => {
  const several = runs.some((each) => each.run.run !== run)
  return `${cell.arch}/${cell.fileSystem}${several ? ` run-${run}` : ''}`
}

function figures({ ran, step }: Line): string {
  if (step === null || step.verdict === 'skipped') return ''
  return rowOf(step, ran.run).figures(step)
}

const columnsOf = (runs: readonly CellRun[]): readonly Column<Line>[] => [
  {
    head: 'cell, step',
    cell: ({ ran, step }) => (step === null ? cellOf(ran, runs) : `  ${step.name}`),
  },
  { head: 'verdict', cell: ({ ran, step }) => coloured((step ?? ran.run).verdict) },
  { head: 'passed', cell: figures, spare: 1 },
  {
    head: 's',
    cell: ({ step }) => (step === null ? '' : (step.durationMs / 1000).toFixed(1)),
    isNumber: true,
    spare: 2,
  },
]

/** Which controls no SIGKILL can show, in a line; null where each was caught. */
function unseenControls(runs: readonly CellRun[]): string | null {
  const kill = runs[0]?.run.steps.find((step) => step.name === 'kill')
  const unseen = kill?.controls.filter(
    ({ expectation, caught }) => expectation === 'unseen' && !caught,
  )
  if (unseen === undefined || unseen.length === 0) return null
  const hidden = unseen.map(({ name }) => name).join(', ')
  return `No SIGKILL can show ${shown(hidden)}: ${shown(unseen[0]?.why ?? '')}.`
}

/** So many stories are told; the others stand in the evidence. */
const MAX_TOLD = 5

/** What failed of the cells, told: at most so many stories. */
export function renderStories(runs: readonly CellRun[]): string[] {
  const stories = runs.flatMap((ran) =>
    ran.stories.map((story) => ({ cell: cellOf(ran, runs), story })),
  )
  const left = stories.length - MAX_TOLD
  return [
    ...stories
      .slice(0, MAX_TOLD)
      .flatMap(({ cell, story }) => [`${cell} ${story.tier}:`, ...storyInLines(story), ''])
      .map(plainLine),
    ...(left > 0 ? [`${left} more stories stand in the evidence.`, ''] : []),
  ]
}

/** What the cells came to: a table with a line a step, and below it where the evidence is. */
export function renderRuns(runs: readonly CellRun[], chars: number = lineChars()): string {
  const whole = runs.length <= MAX_SHOWN_WHOLE
  const lines = runs.flatMap((ran): Line[] => [
    { ran, step: null },
    ...ran.run.steps
      .filter(({ verdict }) => whole || verdict !== 'pass')
      .map((step) => ({ ran, step })),
  ])
  const told = runs.filter(({ run }) => whole || run.verdict !== 'pass')
  const evidence = told.map(({ path }) => `evidence: ${shownPath(relative('', path))}`)
  const unseen = unseenControls(runs)
  return [
    ...fittedTable(columnsOf(runs), lines, chars),
    ...evidence,
    ...(unseen === null ? [] : [colours.dim(unseen)]),
  ].join('\n')
}
