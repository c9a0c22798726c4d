import type { Change, SubjectKind } from './change.ts'

const TEXT = 'the change after recovery'

/** The change that a recovered subject must be able to make: nothing that any plan sends. */
export function nextChange(kind: SubjectKind): Change {
  if (kind === 'log') return { do: 'append', entry: TEXT }
  return kind === 'store'
    ? { do: 'put', key: 'after-recovery', value: TEXT }
    : { do: 'replace', content: TEXT }
}
