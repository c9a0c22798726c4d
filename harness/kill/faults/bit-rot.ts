import { shareOf } from '../../plan/share.ts'
import type { FaultRow } from './row.ts'

/** An entry that was acknowledged and is spoiled, counted from 1. */
export interface BitRot {
  kind: 'bit-rot'
  entry: number
}

interface PlannedBitRot {
  kind: 'bit-rot'
  /** Which of the entries, in 1/65536 of them. */
  entryShare: number
}

export const bitRot: FaultRow<PlannedBitRot, BitRot, BitRot> = {
  fromPlan: ({ kind, entryShare }, entries) => ({ kind, entry: 1 + shareOf(entries, entryShare) }),
  strikesWriter: () => false,
  mustBeRefused: true,
  async deliver(fault, { home, directory }) {
    const { entry } = fault
    const problem = home.rotEntry(directory, entry) ? null : `there is no entry ${entry} to rot`
    return { fault, problem }
  },
  inWords: ({ entry }) => `bit-rot in entry ${entry}`,
}
