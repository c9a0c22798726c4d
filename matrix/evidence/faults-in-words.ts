import { faultsInWords } from '../../harness/kill/faults/index.ts'
import type { FaultRecord } from './types.ts'

/** A moment of a kill in words, for people. */
export function momentInWords(moment: { afterAcks: number; delayMicros: number }): string {
  const { afterAcks, delayMicros } = moment
  return `killed ${delayMicros} µs after change ${afterAcks + 1} was sent`
}

/** Faults on record in words, for people. */
export function recordedFaultsInWords(faults: readonly FaultRecord[]): string {
  return faults
    .map((fault) =>
      fault.kind === 'kill-at-moment' ? momentInWords(fault) : faultsInWords([fault]),
    )
    .join(', then ')
}
