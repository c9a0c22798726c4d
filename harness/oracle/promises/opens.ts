import type { Finding } from '../finding.ts'
import type { PromiseRow } from './row.ts'

const nothing = (): Finding => ({ changes: null, failures: [] })

export const opens: PromiseRow = {
  means: 'that it opens and can be read; nothing is said of the content',
  allowsEarlier: true,
  saysOfContent: false,
  isNumbered: false,
  judgeEntries: nothing,
  judgeValues: nothing,
}
