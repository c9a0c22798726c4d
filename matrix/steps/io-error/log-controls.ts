import type { IoErrorControl } from '../../../subjects/wal/controls/io-error.ts'
import type { IoErrorControlRecord } from '../../evidence/io-error-types.ts'

/** What a control of our log is expected to be: each is caught wherever errors can be met. */
export function knownLogControl({
  control: { subject, defect },
}: IoErrorControl): Pick<IoErrorControlRecord, 'name' | 'defect' | 'expectation' | 'why'> {
  return { name: subject.name, defect, expectation: 'caught', why: null }
}
