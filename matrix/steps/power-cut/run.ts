import { catchBarriersOff, catchByPowerCut } from '../../../harness/power-cut/catch.ts'
import { diskSubjectHost } from '../../../harness/power-cut/disk-subject-host.ts'
import type { Rig } from '../../../harness/power-cut/rig.ts'
import { HOME } from '../../../subjects/home.ts'
import { POWER_CUT_CONTROLS } from '../../../subjects/wal/controls/index.ts'
import type { PowerCutControlRecord } from '../../evidence/types.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { concludePowerCut } from './conclude.ts'
import { cutPowerOf } from './cut.ts'

async function catchControls(rig: Rig, context: StepContext): Promise<PowerCutControlRecord[]> {
  const { progress, title } = context
  const controls: PowerCutControlRecord[] = []
  for (const control of POWER_CUT_CONTROLS) {
    progress.now(`${title} power-cut control ${control.subject.name}`)
    controls.push(await catchByPowerCut(rig, control))
  }
  controls.push(await catchBarriersOff(rig, 'wal'))
  return controls
}

/** Cuts the power of our log, and of its controls, which must be caught. */
export async function runPowerCut(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'power-cut' }>> {
  return await cutPowerOf(context, {
    host: diskSubjectHost(HOME),
    mayLackRecordings: false,
    catchControls: (rig) => catchControls(rig, context),
    conclude: (record) => concludePowerCut(record),
  })
}
