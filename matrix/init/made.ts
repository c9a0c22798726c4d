import type { SubjectKind } from '../../harness/subject/change.ts'
import type { Seen } from './detect.ts'
import type { Language, Layout } from './language.ts'

/** What init made, and from what. */
export interface Made {
  /** As it was given; `.` is the working directory. */
  folder: string
  name: string
  kind: SubjectKind
  isKindGiven: boolean
  language: Language
  /** By which file the language is known; null where it was given, or nothing tells. */
  sign: string | null
  isLanguageGiven: boolean
  /** The other languages that it could be. */
  others: readonly Seen[]
  layout: Layout
}
