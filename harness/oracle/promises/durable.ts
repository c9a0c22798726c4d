import { judgeAllEntries } from '../entries.ts'
import { judgeAllValues } from '../values.ts'
import type { PromiseRow } from './row.ts'

export const durable: PromiseRow = {
  means: 'all that was acknowledged, and what was unknown whole or not at all',
  allowsEarlier: false,
  saysOfContent: true,
  isNumbered: true,
  judgeEntries: judgeAllEntries,
  judgeValues: judgeAllValues,
}
