import type { DescribedSubject } from '../subject/description.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import type { ErrorCaseResult } from './case-result.ts'

export interface ErrorSiteOptions {
  subject: DescribedSubject
  seed: number
  fileSystem: FileSystemName
  stateDirectory?: string
  signal?: AbortSignal | undefined
}

/** A case of an error that a real device or volume gives: its name in its round, such as `flush-7`, and in words. */
export interface PlannedCase {
  name: string
  inWords: string
}

/** A device or a volume that is kept, where one case after another is made. */
export interface ErrorSite {
  /**
   * The cases of a round (from 1) in the order in which they are worth making. Throws `CannotJudge` where the subject
   * does not pass without any error, and a `MachineError`.
   */
  casesOf(round: number): Promise<PlannedCase[]>
  /** Makes one by its name, whether or not it was planned. Throws the same. */
  make(round: number, name: string): Promise<ErrorCaseResult & { what: string }>
  /** Undoes all of it. Throws a `MachineError` when something is left. */
  remove(): Promise<void>
}

/** A way in which a real disk says no: a new one is a file and a line in the index. */
export interface ErrorSiteRow {
  /** What the names of its cases begin with. */
  kinds: readonly string[]
  /** Whether there is such a thing on a file system. */
  isOn(fileSystem: FileSystemName): boolean
  create(options: ErrorSiteOptions): Promise<ErrorSite>
}

/** The name of a case taken apart: `flush-7-for-good` is `flush`, 7 and `for-good`. */
export function partsOf(name: string): { kind: string; number: number; more: string } {
  const [, kind = '', number = '', more = ''] = /^([a-z]+)-(\d+)(?:-([a-z-]+))?$/.exec(name) ?? []
  return { kind, number: Number(number), more }
}
