import type { StepRecord } from '../../evidence/types.ts'
import { controlOf } from './control.ts'
import { ioErrorPart } from './io-error.ts'
import { killPart } from './kill.ts'
import type { Room, RunFiles, StepPart } from './part.ts'
import { powerCutPart } from './power-cut.ts'

/** What of a step is told beyond its verdict; nothing of one that has no more. */
export function partOf(step: StepRecord, files: RunFiles, room: Room): StepPart {
  switch (step.name) {
    case 'kill':
      return killPart(step, files)
    case 'power-cut':
      return powerCutPart(step, files, room)
    case 'io-error':
      return ioErrorPart(step, files)
    case 'portability':
      return { controls: (files.portability?.controls ?? []).map(controlOf) }
    default:
      return {}
  }
}
