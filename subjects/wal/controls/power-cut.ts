import type { FailureName } from '../../../harness/oracle/failure.ts'
import {
  barriersOff,
  controlOn,
  type OnVolume,
  type PowerCutControl,
  SHOWN_AT_ONCE,
} from '../../../harness/power-cut/catch.ts'
import { POWER_CUT_CONTROLS } from './index.ts'

/** Whether a control of that name can be caught as that failure. */
export function canShowInPowerCut(name: string, failure: FailureName): boolean {
  const control = POWER_CUT_CONTROLS.find(({ subject }) => subject.name === name)
  return (control?.shownByPowerCut ?? SHOWN_AT_ONCE).includes(failure)
}

/** The controls of the power-cut tier on a file system, in their order. */
export function powerCutControls(volume: OnVolume): PowerCutControl[] {
  return [...POWER_CUT_CONTROLS.map((control) => controlOn(control, volume)), barriersOff(volume)]
}
