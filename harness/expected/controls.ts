import {
  type ControlResult,
  ORDEAL_BATCH,
  ORDEAL_WORKLOAD,
  ordealOf,
  resultOf,
} from '../controls/catch.ts'
import type { Control } from '../controls/control.ts'
import { CONTROLS } from '../controls/controls.ts'
import { payloadsOf } from '../plan/workload.ts'
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
