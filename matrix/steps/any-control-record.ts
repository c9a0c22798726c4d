import type { SubjectPromise } from '../../harness/oracle/promises/index.ts'
import type { AnyControl } from '../../harness/subject/controls.ts'
import type { TierControl } from '../../harness/tier.ts'
import type { ControlRecord } from '../evidence/types.ts'

type Known = Pick<ControlRecord, 'name' | 'defect' | 'expectation' | 'why'>

/** What a control of any subject is expected to be under a promise. */
export function knownControl(
  { name, defect, unseenBecause }: AnyControl,
  promise: SubjectPromise,
): Known {
  const why = unseenBecause(promise)
  return { name, defect, expectation: why === null ? 'caught' : 'unseen', why }
}

/** How a control of any subject fared, as evidence has it, without how often it was tried. */
export function anyControlRecord({
  name,
  defect,
  caught,
  failure,
  by,
  unseenBecause,
}: TierControl): Omit<ControlRecord, 'iterations'> {
  const expectation = unseenBecause === null ? 'caught' : 'unseen'
  return { name, defect, expectation, caught, failure, by, why: unseenBecause }
}
