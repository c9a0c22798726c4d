import { isDeepStrictEqual } from 'node:util'
import { isStateInWords } from '../../../harness/crash-states/state.ts'
import { CONFIRMED_BY, mostStates } from '../../../harness/power-cut/catch.ts'
import type { FileSystemName } from '../../../harness/volume/file-systems/index.ts'
import { canShowInPowerCut, powerCutControls } from '../../../subjects/wal/controls/power-cut.ts'
import type { PowerCutControlRecord, RunRecord } from '../../evidence/types.ts'
import { controlsProblem } from '../check-controls.ts'

function searchProblem(control: PowerCutControlRecord): string | null {
  const { name, caught, failure, by, confirmedBy, states } = control
  const its = `its control ${name}`
  const most = mostStates(control)
  if (states > most) return `${its} was tried in ${states} states, and ${most} are the most`
  if (!isDeepStrictEqual(confirmedBy, caught ? CONFIRMED_BY : [])) {
    return `${its} is said to have been confirmed by ${confirmedBy.join(' and ') || 'nobody'}`
  }
  if (!caught || failure === null || by === null) return null
  if (!canShowInPowerCut(name, failure)) return `${its} cannot have been caught as ${failure}`
  return isStateInWords(by) ? null : `${its} was shown by something that is no state`
}

/** What of the controls of power cuts is not what the table says for that file system. */
export function powerCutControlsProblem(
  controls: readonly PowerCutControlRecord[],
  { cell, powerCut }: RunRecord,
): string | null {
  const fileSystem = cell.fileSystem as FileSystemName
  const table = powerCutControls({
    fileSystem,
    variant: fileSystem === 'ext4' ? powerCut.ext4 : null,
  })
  const problem = controlsProblem(controls, table, ({ states }) => states)
  if (problem !== null) return problem
  for (const control of controls) {
    const found = searchProblem(control)
    if (found !== null) return found
  }
  return null
}
