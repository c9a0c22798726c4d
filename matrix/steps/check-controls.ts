import type { ControlRecord } from '../evidence/types.ts'

type Told = Pick<
  ControlRecord,
  'name' | 'defect' | 'expectation' | 'caught' | 'failure' | 'by' | 'why'
>
type Known = Pick<ControlRecord, 'name' | 'defect' | 'expectation' | 'why'>

function namesProblem(names: readonly string[], due: readonly string[]): string | null {
  const missing = due.find((name) => !names.includes(name))
  if (missing !== undefined) return `its control ${missing} is not there`
  const strange = names.find((name) => !due.includes(name))
  if (strange !== undefined) return 'it has a control that is none of this version'
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return `its control ${twice} is there twice`
  const astray = names.find((name, at) => name !== due[at])
  return astray === undefined ? null : `its control ${astray} is out of order`
}

/** What a control's record says of itself that its table does not, or that contradicts the rest of it. */
function controlProblem(told: Told, known: Known, tries: number): string | null {
  const its = `its control ${told.name}`
  if (told.defect !== known.defect) return `${its} has another defect than is told`
  if (told.expectation !== known.expectation) {
    return `${its} is expected to be ${told.expectation}, and must be ${known.expectation}`
  }
  if (told.why !== known.why) return `${its} gives another reason why it can’t be shown`
  const { caught, failure, by } = told
  if (caught !== (failure !== null)) {
    return caught ? `${its} was caught by no failure` : `${its} was not caught, and failed`
  }
  if (caught !== (by !== null)) {
    return caught ? `${its} was caught, and nothing showed it` : `${its} was shown, and not caught`
  }
  return caught && tries === 0 ? `${its} was caught and never tried` : null
}

/**
 * What of a run's controls is not what the table of this version says: each is there once, in order, with
 * its defect and what is expected of it there, and is caught by a named failure or by none.
 */
export function controlsProblem<C extends Told>(
  controls: readonly C[],
  table: readonly Known[],
  triesOf: (control: C) => number,
): string | null {
  const problem = namesProblem(
    controls.map(({ name }) => name),
    table.map(({ name }) => name),
  )
  if (problem !== null) return problem
  for (const [at, control] of controls.entries()) {
    const found = controlProblem(control, table[at] as Known, triesOf(control))
    if (found !== null) return found
  }
  return null
}
