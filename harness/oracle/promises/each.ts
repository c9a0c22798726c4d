import { judgeEachEntry } from '../entries.ts'
import { judgeEachValue } from '../values.ts'
import type { PromiseRow } from './row.ts'

export const each: PromiseRow = {
  means: 'every entry, key or content whole, and one that it once had',
  allowsEarlier: true,
  saysOfContent: true,
  isNumbered: false,
  judgeEntries: judgeEachEntry,
  judgeValues: judgeEachValue,
}
