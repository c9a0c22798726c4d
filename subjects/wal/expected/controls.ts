import {
  type ControlResult,
  ORDEAL_BATCH,
  ORDEAL_WORKLOAD,
  ordealOf,
  resultOf,
} from '../../../harness/controls/catch.ts'
import type { Control } from '../../../harness/controls/control.ts'
import { payloadsOf } from '../../../harness/plan/workload.ts'
import { CONTROLS } from '../controls/index.ts'
import { traceInMemory } from './in-memory.ts'
import { expectedIteration } from './iteration.ts'

function expectedControl(control: Control): ControlResult {
  const { subject } = control
  const ordeal = ordealOf(traceInMemory(subject, payloadsOf(ORDEAL_WORKLOAD)))
  for (let done = 0; done < ordeal.length; done += ORDEAL_BATCH) {
    const batch = ordeal.slice(done, done + ORDEAL_BATCH)
    const caughtBy = batch
      .map((iteration) => expectedIteration(subject, iteration))
      .find((expected) => expected !== null && expected.failures.length > 0)
    if (caughtBy) return resultOf(control, caughtBy, done + batch.length)
  }
  return resultOf(control, undefined, ordeal.length)
}

let all: ControlResult[] | undefined

/** How each control of the kill tier must fare, in their order: computed in memory, once. */
export function expectedControls(): readonly ControlResult[] {
  all ??= CONTROLS.map(expectedControl)
  return all
}
