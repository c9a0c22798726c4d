import { catchAnyControls } from '../../../../harness/power-cut/any-controls.ts'
import { CONFIRMED_BY } from '../../../../harness/power-cut/catch.ts'
import { describedHost } from '../../../../harness/power-cut/described-host.ts'
import type { Rig } from '../../../../harness/power-cut/rig.ts'
import { promiseFor } from '../../../../harness/subject/promise.ts'
import type { PowerCutControlRecord } from '../../../evidence/types.ts'
import { anyControlRecord } from '../../any-control-record.ts'
import { describedOf, type StepContext, type StepOutcome } from '../../row.ts'
import { concludeAnyPowerCut } from '../conclude.ts'
import { cutPowerOf } from '../cut.ts'

async function catchControls(rig: Rig, context: StepContext): Promise<PowerCutControlRecord[]> {
  const { seed, shard, powerCut, progress, title } = context
  const { kind, name, promises } = describedOf(context).subject.description
  progress.now(`${title} power-cut controls`)
  const recording = await rig.record(name, rig.planOf(seed, shard?.index ?? 1))
  const controls = await catchAnyControls(rig, {
    recording,
    kind,
    promise: promiseFor(promises, 'power-cut'),
    seed,
    tearBytes: powerCut.tearBytes,
  })
  return controls.map((control) => ({
    ...anyControlRecord(control),
    states: control.tries,
    confirmedBy: control.caught ? [...CONFIRMED_BY] : [],
  }))
}

/** Cuts the power of any subject, and of its controls, which must be caught. */
export async function runAnyPowerCut(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'power-cut' }>> {
  const { subject } = describedOf(context)
  return await cutPowerOf(context, {
    host: describedHost(subject),
    sizeBytes: subject.description.volumeBytes,
    mayLackRecordings: true,
    catchControls: (rig) => catchControls(rig, context),
    conclude: concludeAnyPowerCut,
  })
}
