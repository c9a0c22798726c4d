import type { ControlRecord } from '../../evidence/types.ts'
import type { ReportControl } from '../model.ts'

/** How a control on record fared. */
export function controlOf({
  name,
  defect,
  expectation,
  caught,
  failure,
  by,
  why,
}: Omit<ControlRecord, 'iterations'>): ReportControl {
  const how = caught ? [failure, by].filter((each) => each !== null).join(': ') : why
  return { name, defect, due: expectation === 'caught', caught, how }
}
