import type { Residents } from '../harness/disk-subject/home.ts'
import { loadSubject } from './load.ts'
import { roleOf } from './wal/roles.ts'

/** What is at home here, for the processes that run it. */
export const RESIDENTS: Residents = { load: loadSubject, roleOf }
