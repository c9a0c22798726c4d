import type { SubjectHome } from '../harness/disk-subject/home.ts'
import { scriptPath } from '../harness/process/script.ts'
import { leavePhantom, rotEntry } from './wal/damage.ts'
import { inspectWal } from './wal/inspect.ts'

const SCRIPTS = {
  victim: 'subjects/start-victim.cjs',
  kept: 'subjects/kept.js',
} as const

/** The home of our log, of what it rests on, and of its controls. */
export const HOME: SubjectHome = {
  script: (role) => scriptPath(SCRIPTS[role]),
  inspect: inspectWal,
  leavePhantom,
  rotEntry,
}
