import type { Workload } from '../../../harness/plan/workload.ts'

/** What is killed at every one of its points. */
export const everyPointWorkload = (seed: number): Workload => ({ seed, stream: 0, entries: 3 })
