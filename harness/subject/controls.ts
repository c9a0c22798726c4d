import { PROMISES, type SubjectPromise } from '../oracle/promises/index.ts'

/** A fault that any subject gives, and that must be caught where its promise rules it out: else a pass proves nothing. */
export interface AnyControl {
  name: string
  /** What is broken, in a sentence. */
  defect: string
  /** Why it need not be caught under a promise; null where it must be. */
  unseenBecause(promise: SubjectPromise): string | null
}

/** The directory of an earlier moment. */
export const RESTORED_BACKUP: AnyControl = {
  name: 'restored-backup',
  defect:
    'the directory is put back as it was half a history ago, so that acknowledged changes are gone',
  unseenBecause: (promise) =>
    PROMISES[promise].allowsEarlier ? `an earlier state is one that \`${promise}\` allows` : null,
}

/** What no change of the history can have made. */
export const ANOTHER_HISTORY: AnyControl = {
  name: 'another-history',
  defect: 'what is there was made by another history than the one that it is held against',
  unseenBecause: (promise) =>
    PROMISES[promise].saysOfContent ? null : `nothing is said of the content by \`${promise}\``,
}

/** The subject's own writes, on a disk that makes nothing durable. */
export const WITHOUT_FLUSHES: AnyControl = {
  name: 'without-flushes',
  defect: 'the subject itself, on a disk that does nothing at a flush',
  unseenBecause: (promise) =>
    PROMISES[promise].allowsEarlier ? `\`${promise}\` allows what such a disk loses` : null,
}

/** The subject's own writes, on a disk that lies. */
export const PRETENDED_WRITE: AnyControl = {
  name: 'pretended-write',
  defect: 'the subject itself, on a disk that answers a write with success and does not make it',
  unseenBecause: (promise) =>
    PROMISES[promise].allowsEarlier ? `\`${promise}\` allows what such a disk loses` : null,
}

/** Those of the tier of kills, in order. */
export const KILL_CONTROLS: readonly AnyControl[] = [RESTORED_BACKUP, ANOTHER_HISTORY]

/** Those of the tier of power cuts, in order. */
export const POWER_CUT_CONTROLS: readonly AnyControl[] = [WITHOUT_FLUSHES, ANOTHER_HISTORY]

/** Those of the tier of errors, in order. */
export const IO_ERROR_CONTROLS: readonly AnyControl[] = [PRETENDED_WRITE, ANOTHER_HISTORY]
