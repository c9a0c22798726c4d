import { shown, shownPath } from '../../harness/text/shown.ts'
import { cellName } from '../text/cell-name.ts'
import { namedInWords } from '../verdict-line.ts'
import type { GateDecision } from './decision.ts'

/** As much of a reason as is told here; the gate tells all. */
const REASON_CHARS = 60

/** Cells by why the gate would not let them through; those without evidence first. */
function refusals({ cells, problems }: GateDecision): string[] {
  const refused = cells.filter(({ result }) => result === 'fail')
  const absent = refused.filter(({ runs }) => runs === 0).map(({ cell }) => cellName(cell))
  const others = new Map<string, string[]>()
  for (const { cell, runs, reason } of refused) {
    if (runs > 0) others.set(reason, [...(others.get(reason) ?? []), cellName(cell)])
  }
  return [
    ...(absent.length === 0 ? [] : [`no evidence of ${namedInWords(absent)}`]),
    ...[...others].map(
      ([reason, names]) => `${namedInWords(names)}: ${shown(reason, REASON_CHARS)}`,
    ),
    ...problems.slice(0, 1).map((problem) => shown(problem, REASON_CHARS)),
  ]
}

/** What the gate would say of all the evidence in a folder, in one line that is no verdict of the run. */
export function adviceInWords(decision: GateDecision, directory: string): string {
  const told = `pullplug gate ${shownPath(directory)}`
  if (decision.decision === 'pass') return `The gate would pass all of it (${told}).`
  return `The gate would not pass yet: ${refusals(decision).join('; ')} (${told} tells more).`
}
