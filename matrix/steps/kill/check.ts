import { dirname } from 'node:path'
import { expectedControls } from '../../../subjects/wal/expected/controls.ts'
import { expectedIteration } from '../../../subjects/wal/expected/iteration.ts'
import { expectedDigests } from '../../../subjects/wal/expected/portability.ts'
import { subjectNamed } from '../../../subjects/wal/expected/subject.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'
import type { IterationRecord, StepRecord } from '../../evidence/types.ts'
import { concludedProblem } from '../check-concluded.ts'
import { controlsProblem } from '../check-controls.ts'
import { iterationProblem } from './check-iteration.ts'
import { recordsByIteration, recordsProblem } from './check-log-records.ts'
import { iterationNumbersProblem } from './check-numbers.ts'
import { concludeKill } from './conclude.ts'
import { type Plan, planOf } from './plan.ts'

type Kill = Extract<StepRecord, { name: 'kill' }>

/**
 * Whether the subject made other operations there than it makes here, which its digests say: then its
 * points are others as well, and that the run is not portable is for the gate to say.
 */
function madeOtherOperations({ portability }: ReadFiles, expected: string | undefined): boolean {
  return portability !== null && portability.digests.operations !== expected
}

/** Where a run's files were, as its known-good log says; null of a merged one, which was in several places. */
function placeOf({ run, verifyReport }: ReadFiles): string | null {
  if (run.shards.length > 0 || verifyReport === null) return null
  return dirname(verifyReport.directory)
}

/** Each iteration against its plan, and against the log's records of it. */
function eachProblem(files: ReadFiles, plan: Plan, computable: boolean): string | null {
  const subject = subjectNamed(files.run.subject)
  const records = recordsByIteration(files)
  if (typeof records === 'string') return records
  if (subject === undefined) return null
  const place = placeOf(files)
  const problemOf = (record: IterationRecord): string | null => {
    const { iteration, verdict } = record
    const planned = plan.at(iteration)
    if (planned === undefined) return 'is none that was planned'
    const expected = computable ? expectedIteration(subject, planned) : undefined
    const said = verdict === 'pass' && expected ? expected.records : null
    return (
      iterationProblem(record, planned, expected) ??
      recordsProblem(iteration, records.get(iteration) ?? [], said, place)
    )
  }
  for (const record of files.iterations) {
    const problem = problemOf(record)
    if (problem !== null) return `iteration ${record.iteration} ${problem}`
  }
  return null
}

function partsProblem(files: ReadFiles): string | null {
  const { run, iterations } = files
  const subject = subjectNamed(run.subject)
  if (subject === undefined) return null
  const operations = expectedDigests(subject)?.operations
  const computable = !madeOtherOperations(files, operations)
  if (!computable && run.everyPoint) {
    return iterationNumbersProblem(files, iterations.at(-1)?.iteration ?? 0)
  }
  const plan = planOf(run, subject)
  return iterationNumbersProblem(files, plan.due) ?? eachProblem(files, plan, computable)
}

/** What of the kill step does not follow from its iterations and controls, or these not from the seed. */
export function killProblem(step: Kill, files: ReadFiles): string | null {
  const { iterations, run } = files
  const unmade = iterations.length === 0 && step.controls.length === 0
  const controls = unmade
    ? null
    : controlsProblem(step.controls, expectedControls(), ({ iterations: tries }) => tries)
  return (
    controls ??
    partsProblem(files) ??
    concludedProblem(step, concludeKill(iterations, step.controls), run, unmade)
  )
}
