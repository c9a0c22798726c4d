import { rowOf } from '../steps/index.ts'
import { identityProblem } from './checks/identity.ts'
import { linesProblem } from './checks/lines.ts'
import { machineProblem } from './checks/machine.ts'
import { shardsProblem } from './checks/shards.ts'
import { stepsProblem } from './checks/steps.ts'
import { storiesProblem } from './checks/stories.ts'
import { timesProblem } from './checks/times.ts'
import type { ReadFiles } from './read-files.ts'

export type { ReadFiles }

/**
 * What a run's files say that does not follow from what lies beside it, in a sentence; null when all of it
 * does. Whatever the program can compute again is computed, by the functions that made it: the plan from
 * the seed, what a killed log leaves, the conclusion of each step from its parts. `place` is where the
 * run stands, such as `<arch>/<fs>/run-N`.
 */
export function contradiction(files: ReadFiles, place: string): string | null {
  const { run } = files
  const problem =
    identityProblem(files, place) ??
    stepsProblem(files) ??
    machineProblem(run) ??
    shardsProblem(run) ??
    timesProblem(run) ??
    linesProblem(files, place)
  if (problem !== null) return problem
  for (const step of run.steps) {
    const found = rowOf(step, run).problem(step, files)
    if (found !== null) return found
  }
  return storiesProblem(files)
}
