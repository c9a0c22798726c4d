import type { Runtime } from '../process/runtime.ts'
import type { SubjectKind } from './change.ts'
import type { Promises } from './promise.ts'

/** How long one answer may take unless the description says otherwise. */
export const DEFAULT_ANSWER_MS = 30_000

/** What is common to all subjects: `pullplug.json`, without how the subject is run. */
interface DescriptionBase {
  /** Lower-case letters, digits and hyphens. */
  name: string
  kind: SubjectKind
  promises: Promises
  /** The words of the subject's own documentation that give the promise, and where they stand. */
  words?: string
  source?: string
  /** A command that is run once in the new directory, given as its last argument, before anything is recorded. */
  setup?: readonly [string, ...string[]]
  /** The command that runs the subject's own tests. */
  tests?: readonly [string, ...string[]]
  /** How long opening may be refused before that counts, such as for a lock that times out; 0 unless given. */
  patienceMs?: number
  /** How long one answer may take; 30,000 unless given. */
  timeoutMs?: number
  /** Whether each recovery needs a process of its own. */
  fresh?: boolean
  /** Variables for the subject's environment. */
  environment?: Readonly<Record<string, string>>
  /** How many changes may be outstanding at once; 1 unless given. */
  concurrency?: number
  /** The size of the volume that it needs; 8 MiB on ext4 unless given. */
  volumeBytes?: number
}

/** A subject's description: a JavaScript module, or a command that speaks the protocol. */
export type Description = DescriptionBase &
  ({ module: string } | { command: readonly [string, ...string[]] })

/** A description, and the folder of its file, in which its paths stand and its commands run. */
export interface DescribedSubject {
  description: Description
  folder: string
  /** What runs a module; this Node unless given. */
  runtime?: Runtime
}
