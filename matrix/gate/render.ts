import { plainLine, shown } from '../../harness/text/shown.ts'
import { Table } from '../bundled/table.ts'
import { colours } from '../colours.ts'
import { PLAIN_TABLE } from '../plain-table.ts'
import { cellName } from '../text/cell-name.ts'
import type { CellDecision, GateDecision } from './decision.ts'

const COLOURS: Record<CellDecision['result'], (text: string) => string> = {
  pass: colours.green,
  fail: colours.red,
  warn: colours.yellow,
  absent: colours.dim,
}

/** As much of a reason as a terminal shows. */
const REASON_CHARS = 500

/** The decision for people: a line of reason a cell, what reproduces each failure, the decision last. */
export function renderDecision(decision: GateDecision): string {
  const table = new Table({ ...PLAIN_TABLE, head: ['cell', 'status', 'result', 'reason'] })
  for (const { cell, status, result, reason } of decision.cells) {
    table.push([cellName(cell), status, COLOURS[result](result), shown(reason, REASON_CHARS)])
  }
  const replays = decision.cells.flatMap(({ replays: lines }) =>
    lines.map((line) => `  ${plainLine(line)}`),
  )
  const colour = decision.decision === 'pass' ? colours.green : colours.red
  const commit = decision.commit === null ? 'no commit' : `commit ${decision.commit.slice(0, 12)}`
  return [
    table.toString(),
    ...decision.problems.map(
      (problem) => `${colours.red('problem')} ${shown(problem, REASON_CHARS)}`,
    ),
    ...replays,
    `gate: ${colour(decision.decision)} (${commit})`,
  ].join('\n')
}
