import { isDeepStrictEqual } from 'node:util'
import type { SubjectPromise } from '../../../../harness/oracle/promises/index.ts'
import { planMoment } from '../../../../harness/plan/moment.ts'
import { KILL_CONTROLS } from '../../../../harness/subject/controls.ts'
import type { Description } from '../../../../harness/subject/description.ts'
import { promiseFor } from '../../../../harness/subject/promise.ts'
import type { ReadFiles } from '../../../evidence/read-files.ts'
import type { IterationRecord, StepRecord } from '../../../evidence/types.ts'
import { knownControl } from '../../any-control-record.ts'
import { recoveredProblem } from '../../any-recovered-problem.ts'
import { concludedProblem } from '../../check-concluded.ts'
import { controlsProblem } from '../../check-controls.ts'
import { verdictProblem } from '../check-iteration.ts'
import { iterationNumbersProblem } from '../check-numbers.ts'
import { concludeAnyKill } from '../conclude.ts'
import { operationProblem } from './check-operation.ts'

/** What of an iteration is not what its seed means, or contradicts itself, as the rest of a sentence. */
function momentProblem(
  record: IterationRecord,
  seed: number,
  promise: SubjectPromise,
): string | null {
  const { iteration, workload, faults, delivered, acked, recovered, verdict, failures } = record
  const { changes, moment } = planMoment(seed, iteration)
  if (!isDeepStrictEqual(workload, { seed, stream: iteration, entries: changes })) {
    return 'has another workload than its seed means'
  }
  const due = delivered ? [{ kind: 'kill-at-moment', ...moment }] : []
  if (!isDeepStrictEqual(faults, due)) return 'suffered other faults than its seed means'
  const sent = moment.afterAcks + 1
  if (acked > sent || (delivered && acked < moment.afterAcks)) {
    return `says that ${acked} changes were acknowledged, and it was killed behind ${moment.afterAcks}`
  }
  const { confirmation } = record
  if ((verdict === 'fail') !== (confirmation?.agreed === true)) {
    return 'contradicts its second look'
  }
  return (
    verdictProblem(record) ??
    recoveredProblem({ sent, acked, recovered, failures }, promise, verdict)
  )
}

/**
 * What of an iteration is not what its seed means, as the rest of a sentence. How it was killed is told by its fault;
 * one that recorded none can have been of either way, for the shards of a run can be of machines that see operations
 * and of others.
 */
function iterationProblem(
  record: IterationRecord,
  seed: number,
  { kind, promises }: Description,
): string | null {
  const promise = promiseFor(promises, 'kill')
  const atOperation = (): string | null => operationProblem(record, seed, kind, promise)
  const atMoment = (): string | null => momentProblem(record, seed, promise)
  const [fault] = record.faults
  if (fault?.kind === 'kill-at-operation') return atOperation()
  return fault === undefined && atOperation() === null ? null : atMoment()
}

function iterationsProblem(files: ReadFiles, description: Description): string | null {
  const { run, iterations, logRecords } = files
  if (logRecords.length > 0) return 'it has records of a log that it did not run'
  const numbers = iterationNumbersProblem(files, run.iterations ?? 0)
  if (numbers !== null) return numbers
  for (const record of iterations) {
    const problem = iterationProblem(record, run.seed, description)
    if (problem !== null) return `iteration ${record.iteration} ${problem}`
  }
  return null
}

/** What of the kill step of any subject does not follow from its iterations and controls, or these not from the seed. */
export function anyKillProblem(
  step: Extract<StepRecord, { name: 'kill' }>,
  files: ReadFiles,
): string | null {
  const { iterations, run, description } = files
  if (description === null) return 'its subject.json is not there'
  const promise = promiseFor(description.promises, 'kill')
  const unmade = iterations.length === 0 && step.controls.length === 0
  const table = KILL_CONTROLS.map((control) => knownControl(control, promise))
  const controls = unmade
    ? null
    : controlsProblem(step.controls, table, ({ iterations: tries }) => tries)
  return (
    controls ??
    iterationsProblem(files, description) ??
    concludedProblem(step, concludeAnyKill(iterations, step.controls), run, unmade)
  )
}
