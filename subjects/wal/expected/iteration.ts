import type { Operation } from '../../../harness/disk-subject/operations.ts'
import { choosePoint } from '../../../harness/disk-subject/point.ts'
import type { Acknowledgement } from '../../../harness/disk-subject/steps.ts'
import type { Payload, Subject } from '../../../harness/disk-subject/subject.ts'
import { PROBE } from '../../../harness/disk-subject/survey.ts'
import { LONGEST_WORKLOAD, operationsUpTo } from '../../../harness/disk-subject/trace.ts'
import { type Fault, mustBeRefused, strikesWriter } from '../../../harness/kill/faults/index.ts'
import { asItStruck, type Kill } from '../../../harness/kill/faults/kill.ts'
import type { Iteration } from '../../../harness/kill/iteration.ts'
import type { Failure } from '../../../harness/oracle/failure.ts'
import { judge, judgeRot, type Opening, type Survey } from '../../../harness/oracle/judge.ts'
import { payloadsOf } from '../../../harness/plan/workload.ts'
import type { LogRecord } from '../../../wal/log-record.ts'
import {
  changedFiles,
  type Files,
  NO_FILES,
  reopenInMemory,
  runVictimInMemory,
  traceInMemory,
  withPhantom,
  withRot,
} from './in-memory.ts'
import { inspectInMemory } from './inspect.ts'

/** What an iteration must come to on any file system that keeps what a killed process had written. */
export interface ExpectedIteration {
  /** The faults as they strike. */
  faults: Fault[]
  acked: number
  recovered: number | null
  failures: Failure[]
  /** The subject's own records of its recoveries. */
  records: LogRecord[]
}

const traced = new WeakMap<Subject, Operation[]>()

function writerOperations(subject: Subject, entries: number): Operation[] {
  const known = traced.get(subject) ?? traceInMemory(subject, payloadsOf(LONGEST_WORKLOAD))
  traced.set(subject, known)
  return operationsUpTo(known, entries)
}

/** Those of a recovery; none of one that refuses, which can't be counted. */
function recoveryOperations(subject: Subject, files: Files): Operation[] {
  const { outcome, operations } = reopenInMemory(subject, files, { trace: true })
  return 'refused' in outcome ? [] : operations
}

/** As `deliver`: the files that the faults leave; null where one of them can't be delivered. */
function deliverInMemory(subject: Subject, { faults }: Iteration, payloads: Payload[]) {
  let files: Files = NO_FILES
  let acked = 0
  const struck: Fault[] = []
  const [first] = faults
  if (first === undefined) return null
  if (!strikesWriter(first)) {
    const written = reopenInMemory(subject, files, { append: payloads })
    if ('refused' in written.outcome) return null
    acked = written.acked.length
    files = written.files
  }
  for (const fault of faults) {
    if (fault.kind === 'kill') {
      const { process } = fault
      const operations =
        process === 'writer'
          ? writerOperations(subject, payloads.length)
          : recoveryOperations(subject, files)
      const point = 'number' in fault.point ? fault.point : choosePoint(fault.point, operations)
      if (point === undefined) return null
      const entries = process === 'writer' ? payloads : []
      const end = runVictimInMemory(subject, files, { entries, point })
      if (end.announced === undefined) return null
      if (process === 'writer') acked = end.acked.length
      files = end.files
      const kill: Kill = { ...fault, point }
      struck.push(asItStruck(kill, end))
    } else {
      const damaged: Files | null =
        fault.kind === 'bit-rot'
          ? withRot(files, fault.entry)
          : withPhantom(files, fault.shape, acked)
      if (damaged === null) return null
      files = damaged
      struck.push(fault)
    }
  }
  return { files, acked, faults: struck }
}

/** As `survey`: every recovery that the oracle asks about; of one that is rotted only the first. */
function surveyInMemory(subject: Subject, faulted: Files, rotted: boolean) {
  const records: LogRecord[] = []
  let files = faulted
  const next = (append: Payload[] = []): { opening: Opening; acked: Acknowledgement[] } => {
    const { outcome, acked, ...reply } = reopenInMemory(subject, files, { append })
    files = reply.files
    records.push(...reply.records)
    const opening = 'refused' in outcome ? { refused: outcome.refused.message } : outcome
    return { opening, acked }
  }
  const { opening: first } = next()
  const refused: Survey = {
    first,
    second: first,
    filesChanged: rotted ? changedFiles(faulted, files) : [],
    probe: { refused: 'refused' in first ? first.refused : '' },
  }
  if (rotted || 'refused' in first) return { survey: refused, records }
  const inspection = inspectInMemory(files)
  const before = files
  const { opening: second } = next()
  const filesChanged = changedFiles(before, files)
  const appended = next([PROBE])
  const survey: Survey = {
    first,
    inspection,
    second,
    filesChanged,
    probe:
      'refused' in appended.opening
        ? appended.opening
        : {
            json: JSON.stringify(PROBE),
            seq: appended.acked[0]?.seq ?? null,
            after: next().opening,
          },
  }
  return { survey, records }
}

/**
 * What an iteration must come to, by running the same subject through the same faults on a disk in
 * memory, and asking the same oracle. Null where its faults can't be delivered, so that nothing follows.
 */
export function expectedIteration(
  subject: Subject,
  iteration: Iteration,
): ExpectedIteration | null {
  const payloads = payloadsOf(iteration.workload)
  const delivery = deliverInMemory(subject, iteration, payloads)
  if (delivery === null) return null
  const { files, acked, faults } = delivery
  const rotted = mustBeRefused(faults)
  const { survey, records } = surveyInMemory(subject, files, rotted)
  const promised = { sent: payloads.map((fields) => JSON.stringify(fields)), acked }
  return {
    faults,
    acked,
    recovered: 'refused' in survey.first ? null : survey.first.entries.length,
    failures: rotted ? judgeRot(promised, survey) : judge(promised, survey),
    records,
  }
}
