import type { Payload, Subject } from '../../../harness/disk-subject/subject.ts'
import { faultsToRecoverFrom, iterationsThrough } from '../../../harness/kill/every-point.ts'
import type { Fault } from '../../../harness/kill/faults/index.ts'
import type { Iteration } from '../../../harness/kill/iteration.ts'
import { payloadsOf, type Workload } from '../../../harness/plan/workload.ts'
import {
  type Files,
  NO_FILES,
  reopenInMemory,
  runVictimInMemory,
  traceInMemory,
  withPhantom,
} from './in-memory.ts'

/** The files that the first fault of an iteration leaves. */
function filesAfter(subject: Subject, entries: Payload[], fault: Fault): Files {
  if (fault.kind === 'kill') {
    return runVictimInMemory(subject, NO_FILES, { entries, point: fault.point }).files
  }
  const { files, acked } = reopenInMemory(subject, NO_FILES, { append: entries })
  return fault.kind === 'phantom' ? withPhantom(files, fault.shape, acked.length) : files
}

/** The iterations that kill a workload at every one of its points, counted in memory. */
export function expectedEveryPoint(subject: Subject, workload: Workload): Iteration[] {
  const entries = payloadsOf(workload)
  const operations = traceInMemory(subject, entries)
  const recoveries = faultsToRecoverFrom(operations).map((fault) => {
    const files = filesAfter(subject, entries, fault)
    return reopenInMemory(subject, files, { trace: true }).operations
  })
  return iterationsThrough(workload, operations, recoveries)
}
