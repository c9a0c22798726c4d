import type { LogRecord } from '../../wal/log-record.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Failure } from '../oracle/failure.ts'
import { type Inspection, judge, judgeRot, type Survey } from '../oracle/judge.ts'
import { payloadsOf, type Workload } from '../plan/workload.ts'
import { deliver } from './deliver.ts'
import type { Fault, FaultToDeliver } from './fault.ts'
import type { Operation } from './operations.ts'
import type { Recoverer } from './recoverer-client.ts'
import type { VictimOptions } from './run-victim.ts'
import { type SurveyOptions, survey, surveyOnce } from './survey.ts'
import { traceRecovery } from './trace.ts'
import { isMachineError, refusalInWords, reportError } from './victim-protocol.ts'

/** One iteration, ready to be run. */
export interface Iteration {
  /** Counted from 1. */
  iteration: number
  workload: Workload
  faults: FaultToDeliver[]
}

/** What came of an iteration. */
export interface IterationResult extends Omit<Iteration, 'faults'> {
  /** The faults as they struck. */
  faults: Fault[]
  /** Whether every fault was delivered. */
  delivered: boolean
  acked: number
  /** How many entries came back; null when recovery refused or could not be judged. */
  recovered: number | null
  verdict: 'pass' | 'fail' | 'inconclusive'
  failures: Failure[]
  /** Why it is inconclusive. */
  reason: string | null
  /** The subject's own records of its recoveries. */
  records: LogRecord[]
}

/** What an iteration runs on. */
export interface IterationContext extends VictimOptions {
  subject: string
  recoverer: Recoverer
  /** Another process than the one that recovers. */
  writer: Recoverer
  /** Reads the subject's files without the subject, if anyone can. */
  inspect?: (directory: string) => Inspection
  /** The operations of a writer with so many entries, for points that are shares. */
  writerOperations: (entries: number) => Promise<Operation[]>
  /** Called with the directory as the faults left it, before any recovery. */
  onFaulted?: (directory: string) => void
}

async function assess(
  faults: Fault[],
  promised: { sent: string[]; acked: number },
  options: SurveyOptions,
): Promise<{ first: Survey['first']; failures: Failure[] }> {
  if (faults.some(({ kind }) => kind === 'bit-rot')) {
    const seen = await surveyOnce(options)
    return { first: seen.first, failures: judgeRot(promised, seen) }
  }
  const seen = await survey(options)
  return { first: seen.first, failures: judge(promised, seen) }
}

/** Why a check could not be made; throws what says that the whole run can't go on. */
function whyInconclusive(error: unknown): string {
  if (error instanceof CannotJudge) return error.message
  const report = reportError(error)
  if (!isMachineError(report)) throw error
  return refusalInWords(report)
}

/**
 * Runs one iteration in `directory`, which it makes: the workload and its faults, then recovery in
 * another process and the oracle. What the subject did wrong is in `failures`; when a fault was not
 * delivered, or the check could not be made, the verdict is `inconclusive` and never `pass`. Throws a
 * `MachineError`, and what `signal` was aborted with.
 */
export async function runIteration(
  iteration: Iteration,
  directory: string,
  context: IterationContext,
): Promise<IterationResult> {
  const payloads = payloadsOf(iteration.workload)
  const result: IterationResult = {
    ...iteration,
    faults: [],
    delivered: false,
    acked: 0,
    recovered: null,
    verdict: 'inconclusive',
    failures: [],
    reason: null,
    records: [],
  }
  try {
    const delivery = await deliver(iteration.faults, {
      ...context,
      directory,
      payloads,
      operationsOf: (process) =>
        process === 'writer'
          ? context.writerOperations(payloads.length)
          : traceRecovery(directory, context),
    })
    result.acked = delivery.acked
    result.faults = delivery.faults
    result.reason = delivery.problem
    result.delivered = delivery.problem === null
    context.onFaulted?.(directory)
    const sent = payloads.map((fields) => JSON.stringify(fields))
    const { first, failures } = await assess(
      delivery.faults,
      { sent, acked: delivery.acked },
      {
        recoverer: context.recoverer,
        subject: context.subject,
        directory,
        inspect: context.inspect,
        onRecords: (records) => result.records.push(...records),
      },
    )
    result.recovered = 'refused' in first ? null : first.entries.length
    result.failures = failures
  } catch (error) {
    result.reason ??= whyInconclusive(error)
    return result
  }
  if (result.failures.length > 0) result.verdict = 'fail'
  else if (result.delivered) result.verdict = 'pass'
  return result
}
