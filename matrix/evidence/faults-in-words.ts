import { faultsInWords } from '../../harness/kill/faults/index.ts'
import { operationPointInWords } from '../../harness/kill/operations/points.ts'
import type { FaultRecord } from './types.ts'

/** A moment of a kill in words, for people. */
export function momentInWords(moment: { afterAcks: number; delayMicros: number }): string {
  const { afterAcks, delayMicros } = moment
  return `killed ${delayMicros} µs after change ${afterAcks + 1} was sent`
}

/** Faults on record in words, for people. */
export function recordedFaultsInWords(faults: readonly FaultRecord[]): string {
  return faults
    .map((fault) => {
      if (fault.kind === 'kill-at-moment') return momentInWords(fault)
      if (fault.kind === 'kill-at-operation') return `killed at ${operationPointInWords(fault)}`
      return faultsInWords([fault])
    })
    .join(', then ')
}
