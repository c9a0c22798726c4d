import type { LogRecord } from '../../wal/log-record.ts'
import type { Lane } from '../disk-subject/crew.ts'
import type { Operation } from '../disk-subject/operations.ts'
import type { VictimOptions } from '../disk-subject/run-victim.ts'
import { type SurveyOptions, survey, surveyOnce } from '../disk-subject/survey.ts'
import { traceRecovery } from '../disk-subject/trace.ts'
import { Snapshot } from '../observed/snapshot.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Failure } from '../oracle/failure.ts'
import { judge, judgeRot, type Survey } from '../oracle/judge.ts'
import { type Confirmation, judgeLooks, type Look } from '../oracle/second-look.ts'
import { payloadsOf, type Workload } from '../plan/workload.ts'
import {
  isMachineError,
  isSystemError,
  refusalInWords,
  reportError,
} from '../process/error-report.ts'
import { MachineError } from '../process/machine-error.ts'
import { removeIfPossible } from '../process/remove-if-possible.ts'
import { deliver } from './deliver.ts'
import { type Fault, type FaultToDeliver, mustBeRefused } from './faults/index.ts'

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
  /** Of one in which a failure was found: whether a second look found it too, and what that took. */
  confirmation: Confirmation
  /** The subject's own records of its recoveries. */
  records: LogRecord[]
}

/** What an iteration runs on. */
export interface IterationContext extends VictimOptions, Lane {
  subject: string
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
  if (mustBeRefused(faults)) {
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
  // The harness's own looks fail by whatever the system answered; a `MachineError` has been thought about.
  const met = !(error instanceof MachineError) && isSystemError(error)
  if (met) return `the machine failed: ${report.message}`
  if (!isMachineError(report)) throw error
  return refusalInWords(report)
}

/** What one look at a directory found. */
interface Seen {
  recovered: number | null
  look: Look
}

async function lookAt(
  faults: Fault[],
  promised: { sent: string[]; acked: number },
  by: string,
  options: SurveyOptions,
): Promise<Seen> {
  const { first, failures } = await assess(faults, promised, options)
  const refused = 'refused' in first
  return {
    recovered: refused ? null : first.entries.length,
    look: { by, failures, gone: refused && first.gone === true, notJudged: null },
  }
}

/** Judges a copy of what the faults left, by another process. Throws what the signal was aborted with. */
async function lookAgain(
  left: Snapshot,
  faults: Fault[],
  promised: { sent: string[]; acked: number },
  options: SurveyOptions,
): Promise<Look> {
  const by = 'another process on a copy'
  const directory = `${options.directory}.again`
  const recoverer = options.recoverer.another()
  try {
    await left.restore(directory)
    const again = { ...options, directory, recoverer, onRecords: () => {} }
    return (await lookAt(faults, promised, by, again)).look
  } catch (error) {
    const notJudged = error instanceof MachineError ? error.message : whyInconclusive(error)
    return { by, failures: [], gone: false, notJudged }
  } finally {
    await recoverer.stop()
    removeIfPossible(directory)
  }
}

/** Lets what was found be found a second time, and puts what holds into the result. */
async function confirm(
  result: IterationResult,
  first: Look,
  second: () => Promise<Look>,
): Promise<void> {
  const startedMs = performance.now()
  const judged = judgeLooks(first, [await second()])
  const agreed = 'failures' in judged
  result.confirmation = { agreed, durationMs: Math.round(performance.now() - startedMs) }
  if (agreed) {
    result.failures = judged.failures
    result.verdict = 'fail'
  } else result.reason = judged.disagreement
}

/**
 * Runs one iteration in `directory`, which it makes: the workload and its faults, then recovery in
 * another process and the oracle. What the subject did wrong is in `failures`, once a third process has found
 * it in a copy of what the faults left; when it has not, a fault was not delivered, or the check could not be
 * made, the verdict is `inconclusive` and never `pass`. Throws a `MachineError`, and what `signal` was aborted
 * with.
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
    confirmation: null,
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
    const left = Snapshot.take(directory)
    const promised = { sent, acked: delivery.acked }
    const options: SurveyOptions = {
      recoverer: context.recoverer,
      subject: context.subject,
      directory,
      inspect: context.home.inspect,
      onRecords: (records) => result.records.push(...records),
    }
    const { recovered, look } = await lookAt(delivery.faults, promised, 'the first look', options)
    result.recovered = recovered
    if (look.failures.length > 0) {
      await confirm(result, look, () => lookAgain(left, delivery.faults, promised, options))
    } else if (result.delivered) result.verdict = 'pass'
  } catch (error) {
    result.reason ??= whyInconclusive(error)
  }
  return result
}
