import { atomicRenameProblem } from '../steps/atomic-rename/check.ts'
import { killProblem } from '../steps/kill/check.ts'
import { knownGoodProblem } from '../steps/known-good/check.ts'
import { portabilityProblem } from '../steps/portability/check.ts'
import { powerCutProblem } from '../steps/power-cut/check.ts'
import { walTestsProblem } from '../steps/wal-tests/check.ts'
import { identityProblem } from './checks/identity.ts'
import { linesProblem } from './checks/lines.ts'
import { machineProblem } from './checks/machine.ts'
import { shardsProblem } from './checks/shards.ts'
import { stepsProblem } from './checks/steps.ts'
import { timesProblem } from './checks/times.ts'
import type { ReadFiles } from './read-files.ts'
import type { StepRecord } from './types.ts'

export type { ReadFiles }

function stepProblem(step: StepRecord, files: ReadFiles): string | null {
  switch (step.name) {
    case 'wal-tests':
      return walTestsProblem(step, files.run)
    case 'kill':
      return killProblem(step, files)
    case 'known-good':
      return knownGoodProblem(step, files)
    case 'atomic-rename':
      return atomicRenameProblem(step, files.run)
    case 'portability':
      return portabilityProblem(step, files)
    case 'power-cut':
      return powerCutProblem(step, files)
  }
}

/**
 * What a run's files say that does not follow from what lies beside it, in a sentence; null when all of it
 * does. Whatever the program can compute again is computed, by the functions that made it: the plan from
 * the seed, what a killed log leaves, the conclusion of each step from its parts. `place` is where the
 * run stands, such as `<arch>/<fs>/run-N`.
 */
export function contradiction(files: ReadFiles, place: string): string | null {
  const { run } = files
  const problem =
    identityProblem(run, place) ??
    stepsProblem(run) ??
    machineProblem(run) ??
    shardsProblem(run) ??
    timesProblem(run) ??
    linesProblem(files, place)
  if (problem !== null) return problem
  for (const step of run.steps) {
    const found = stepProblem(step, files)
    if (found !== null) return found
  }
  return null
}
