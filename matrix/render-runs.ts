import { relative } from 'node:path'
import Table from 'cli-table3'
import pc from 'picocolors'
import { shown, shownPath } from '../harness/text/shown.ts'
import type { StepRecord, Verdict } from './evidence/types.ts'
import { PLAIN_TABLE } from './plain-table.ts'
import type { CellRun } from './run-cell.ts'

const COLOURS: Record<Verdict, (text: string) => string> = {
  pass: pc.green,
  fail: pc.red,
  inconclusive: pc.yellow,
  skipped: pc.yellow,
}

function figures(step: StepRecord | undefined): string {
  if (step === undefined) return '-'
  const verdict = COLOURS[step.verdict](step.verdict)
  if (step.verdict === 'skipped') return verdict
  switch (step.name) {
    case 'wal-tests':
      return `${verdict} ${step.passed}/${step.passed + step.failed}`
    case 'kill': {
      const due = step.controls.filter(({ expectation }) => expectation === 'caught')
      const caught = due.filter((control) => control.caught).length
      return `${verdict} ${step.passed}/${step.iterations}, controls ${caught}/${due.length}`
    }
    case 'known-good':
      return `${verdict} ${step.entries} entries`
    case 'atomic-rename':
      return `${verdict} ${step.old} old, ${step.new} new`
    case 'portability':
      return `${verdict} ${step.passed}/${step.pairs} pairs`
    case 'power-cut':
      return `${verdict} ${step.passed}/${step.states} states`
  }
}

/** What the cells came to, as a table, and below it which controls no SIGKILL can show. */
export function renderRuns(runs: CellRun[]): string {
  const table = new Table({
    ...PLAIN_TABLE,
    head: [
      'cell',
      'verdict',
      'wal-tests',
      'kill',
      'known-good',
      'atomic-rename',
      'portability',
      'power-cut',
      'evidence',
    ],
  })
  for (const { run, path } of runs) {
    const step = (name: StepRecord['name']) => figures(run.steps.find((each) => each.name === name))
    table.push([
      `${run.cell.arch}/${run.cell.fileSystem}`,
      COLOURS[run.verdict](run.verdict),
      step('wal-tests'),
      step('kill'),
      step('known-good'),
      step('atomic-rename'),
      step('portability'),
      step('power-cut'),
      shownPath(relative('', path)),
    ])
  }
  const kill = runs[0]?.run.steps.find((step) => step.name === 'kill')
  const unseen = kill?.controls.filter(
    ({ expectation, caught }) => expectation === 'unseen' && !caught,
  )
  if (unseen === undefined || unseen.length === 0) return table.toString()
  const names = unseen.map(({ name }) => name).join(', ')
  return `${table.toString()}\nNo SIGKILL can show ${shown(names)}: ${shown(unseen[0]?.why ?? '')}.`
}
