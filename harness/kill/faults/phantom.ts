import type { AnyPhantomShape } from '../../plan/plan.ts'
import type { FaultRow } from './row.ts'

/** Bytes behind the last entry that a killed writer could have left there. */
export interface Phantom {
  kind: 'phantom'
  shape: AnyPhantomShape
}

export const phantom: FaultRow<Phantom, Phantom, Phantom> = {
  fromPlan: (planned) => planned,
  strikesWriter: () => false,
  mustBeRefused: false,
  async deliver(fault, { home, directory, acked }) {
    home.leavePhantom(directory, fault.shape, acked)
    return { fault, problem: null }
  },
  inWords: ({ shape }) => `phantom (${shape})`,
}
