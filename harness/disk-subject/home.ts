import type { Inspection } from '../oracle/judge.ts'
import type { AnyPhantomShape } from '../plan/plan.ts'
import type { RoleOf } from './operations.ts'
import type { Subject } from './subject.ts'

/** The subjects of a home, as the processes know them that run there. */
export interface Residents {
  /** Gives the subject of that name. Only its own module is loaded: a process is started for every kill. */
  load(name: string): Promise<Subject>
  roleOf: RoleOf
}

/** What runs subjects: a process that is killed, or one that is kept, and takes one step after another. */
export type SubjectRole = 'victim' | 'kept'

/** Where subjects that take a disk are at home, which the harness knows by their names only. */
export interface SubjectHome {
  /** The script that runs any of them in that role, as a path. Throws a `MachineError` when it has not been built. */
  script(role: SubjectRole): string
  /** Reads a subject's files without the subject, where anyone can. Throws a `MachineError`. */
  inspect?: (directory: string) => Inspection
  /** Appends what a killed writer could have left behind so many entries. Throws the operating system's error. */
  leavePhantom(directory: string, shape: AnyPhantomShape, entries: number): void
  /** Spoils an entry (counted from 1); false when there is none. Throws the operating system's error. */
  rotEntry(directory: string, entry: number): boolean
}
