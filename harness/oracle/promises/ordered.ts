import { judgeEntriesInOrder } from '../entries.ts'
import { judgeValuesInOrder } from '../values.ts'
import type { PromiseRow } from './row.ts'

export const ordered: PromiseRow = {
  means: 'the state after some first part of the history',
  allowsEarlier: true,
  saysOfContent: true,
  isNumbered: true,
  judgeEntries: judgeEntriesInOrder,
  judgeValues: judgeValuesInOrder,
}
