import { join } from 'node:path'
import { runMomentIteration } from '../../../../harness/kill/moment-iteration.ts'
import { killAtOperation } from '../../../../harness/kill/operations/kill-at-operation.ts'
import { OperationLane } from '../../../../harness/observed/lane.ts'
import { lacksForPassthrough } from '../../../../harness/passthrough/requirements.ts'
import { planKilledHistory } from '../../../../harness/plan/killed-history.ts'
import { planMoment } from '../../../../harness/plan/moment.ts'
import { MachineError } from '../../../../harness/process/machine-error.ts'
import type { DescribedSubject } from '../../../../harness/subject/description.ts'
import type { IterationRecord, OperationPointRecord } from '../../../evidence/types.ts'
import { momentRecord } from './moment-record.ts'
import { operationRecord } from './operation-record.ts'

/** An iteration of any subject that is run again. */
export interface AnyRerun {
  subject: DescribedSubject
  seed: number
  recorded: IterationRecord
  /** A folder on the file system, for this alone. */
  root: string
  /** Gives what copies a directory under a name. */
  copy: (name: string) => (directory: string) => void
  signal: AbortSignal
}

async function atMoment({ subject, seed, recorded, root, copy, signal }: AnyRerun) {
  const result = await runMomentIteration(planMoment(seed, recorded.iteration), {
    subject,
    seed,
    directory: join(root, 'iteration'),
    signal,
    onFaulted: copy('after-fault'),
    onJudged: copy('after-recovery'),
  })
  return momentRecord(result, { seed, evidencePath: '', subjectPath: '' })
}

async function atOperation(
  { subject, seed, recorded, root, copy, signal }: AnyRerun,
  point: OperationPointRecord,
) {
  const [lacks] = await lacksForPassthrough()
  if (lacks !== undefined) {
    throw new MachineError(
      'MISSING',
      `it was killed at an operation, and operations are seen with ${lacks.what}`,
      `${lacks.remedy[0]?.toUpperCase()}${lacks.remedy.slice(1)}.`,
    )
  }
  const { workload, iteration } = recorded
  const lane = await OperationLane.create({ subject, folder: root, signal })
  try {
    const planned = planKilledHistory(subject.description.kind, seed, workload.stream)
    const result = await killAtOperation(subject, lane, planned, point, {
      onFaulted: copy('after-fault'),
      onJudged: copy('after-recovery'),
    })
    const ofRun = { seed, evidencePath: '', subjectPath: '' }
    return operationRecord({ ...result, iteration }, workload, ofRun)
  } finally {
    await lane.remove()
  }
}

/** Kills a described subject again as it is on record: at the same operation, or at the same moment. Throws a `MachineError`. */
export async function rerunDescribed(rerun: AnyRerun): Promise<IterationRecord> {
  const [fault] = rerun.recorded.faults
  if (fault?.kind !== 'kill-at-operation') return await atMoment(rerun)
  const { kind: _, ...point } = fault
  return await atOperation(rerun, point)
}
