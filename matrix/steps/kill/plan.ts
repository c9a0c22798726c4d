import type { Subject } from '../../../harness/disk-subject/subject.ts'
import type { Iteration } from '../../../harness/kill/iteration.ts'
import { iterationsOfPlan } from '../../../harness/kill/iterations-of-plan.ts'
import { expectedEveryPoint } from '../../../subjects/wal/expected/every-point.ts'
import type { RunRecord } from '../../evidence/types.ts'
import { everyPointWorkload } from './every-point-workload.ts'

/** What a run's iterations were to be: how many in all, and each by its number, counted from 1. */
export interface Plan {
  due: number
  at(iteration: number): Iteration | undefined
}

/** The plan of a run, from its seed; for every point, its subject's operations are counted again, in memory. */
export function planOf(
  { seed, iterations }: Pick<RunRecord, 'seed' | 'iterations'>,
  subject: Subject,
): Plan {
  if (iterations !== null) {
    return { due: iterations, at: (number) => iterationsOfPlan(seed, number, number)[0] }
  }
  const all = expectedEveryPoint(subject, everyPointWorkload(seed))
  return { due: all.length, at: (number) => all[number - 1] }
}
