import { relative } from 'node:path'
import Table from 'cli-table3'
import { shown, shownPath } from '../harness/text/shown.ts'
import { colours } from './colours.ts'
import type { RunRecord, StepRecord, Verdict } from './evidence/types.ts'
import { PLAIN_TABLE } from './plain-table.ts'
import type { CellRun } from './run-cell.ts'
import { rowOf } from './steps/index.ts'

const COLOURS: Record<Verdict, (text: string) => string> = {
  pass: colours.green,
  fail: colours.red,
  inconclusive: colours.yellow,
  skipped: colours.yellow,
}

function figures(run: RunRecord, step: StepRecord | undefined): string {
  if (step === undefined) return '-'
  const verdict = COLOURS[step.verdict](step.verdict)
  return step.verdict === 'skipped' ? verdict : `${verdict} ${rowOf(step, run).figures(step)}`
}

/** What the cells came to, as a table, and below it which controls no SIGKILL can show. */
export function renderRuns(runs: CellRun[]): string {
  const names = [...new Set(runs.flatMap(({ run }) => run.steps.map(({ name }) => name)))]
  const table = new Table({
    ...PLAIN_TABLE,
    head: ['cell', 'verdict', ...names, 'evidence'],
  })
  for (const { run, path } of runs) {
    const step = (name: StepRecord['name']) =>
      figures(
        run,
        run.steps.find((each) => each.name === name),
      )
    table.push([
      `${run.cell.arch}/${run.cell.fileSystem}`,
      COLOURS[run.verdict](run.verdict),
      ...names.map(step),
      shownPath(relative('', path)),
    ])
  }
  const kill = runs[0]?.run.steps.find((step) => step.name === 'kill')
  const unseen = kill?.controls.filter(
    ({ expectation, caught }) => expectation === 'unseen' && !caught,
  )
  if (unseen === undefined || unseen.length === 0) return table.toString()
  const hidden = unseen.map(({ name }) => name).join(', ')
  return `${table.toString()}\nNo SIGKILL can show ${shown(hidden)}: ${shown(unseen[0]?.why ?? '')}.`
}
