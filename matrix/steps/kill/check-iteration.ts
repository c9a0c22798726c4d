import { isDeepStrictEqual } from 'node:util'
import type { Iteration } from '../../../harness/kill/iteration.ts'
import { contradictionIn } from '../../../harness/oracle/tally.ts'
import type { ExpectedIteration } from '../../../subjects/wal/expected/iteration.ts'
import { tellsSafePointAhead } from '../../../subjects/wal/inspect.ts'
import { recordedFaultsInWords } from '../../evidence/faults-in-words.ts'
import type { FaultRecord, IterationRecord } from '../../evidence/types.ts'

/** Whether a fault is of the kind that was planned: which process is killed and when, which phantom, which entry. */
function isPlanned(fault: FaultRecord, planned: Iteration['faults'][number] | undefined): boolean {
  if (fault.kind !== 'kill' || planned?.kind !== 'kill') return isDeepStrictEqual(fault, planned)
  return fault.process === planned.process
}

/** What of a verdict contradicts the rest of its iteration, as the rest of a sentence; null when nothing does. */
export function verdictProblem(record: IterationRecord): string | null {
  const { verdict, delivered, failures, reason } = record
  if ((verdict === 'fail') !== failures.length > 0) {
    return `says ${verdict} with ${failures.length} failures`
  }
  if (verdict === 'pass' && !delivered) return 'passes although a fault was not delivered'
  if (verdict === 'pass' && reason !== null) return 'passes and gives a reason not to'
  if (verdict === 'inconclusive' && reason === null) return 'is inconclusive without a reason'
  if (!delivered && reason === null) return 'does not say why a fault was not delivered'
  return null
}

function planProblem(record: IterationRecord, planned: Iteration): string | null {
  const { workload, faults, delivered } = record
  if (!isDeepStrictEqual(workload, planned.workload))
    return 'has another workload than its seed means'
  if (faults.length > planned.faults.length) return 'suffered more faults than its seed means'
  if (delivered && faults.length < planned.faults.length) {
    return 'suffered fewer faults than its seed means'
  }
  return faults.every((fault, at) => isPlanned(fault, planned.faults[at]))
    ? null
    : 'suffered other faults than its seed means'
}

function numbersProblem({ verdict, workload, faults, ...record }: IterationRecord): string | null {
  const rotted = faults.some(({ kind }) => kind === 'bit-rot')
  const tally = { ...record, sent: workload.entries, rotted }
  // One that could not be judged says nothing of what came back.
  if (verdict === 'inconclusive' && record.recovered === null) {
    return record.acked > workload.entries
      ? `says that ${record.acked} entries of ${workload.entries} were acknowledged`
      : null
  }
  const problem = contradictionIn(tally, tellsSafePointAhead)
  return problem === null ? null : `contradicts itself: ${problem}`
}

/** What a killed process leaves does not depend on the machine, so that all of it can be computed again. */
function expectationProblem(record: IterationRecord, expected: ExpectedIteration): string | null {
  const { verdict, faults, acked, recovered } = record
  const struck = expected.faults.slice(0, faults.length)
  if (!isDeepStrictEqual(faults, struck)) {
    return `was struck by ${recordedFaultsInWords(faults)}, and its seed means ${recordedFaultsInWords(struck)}`
  }
  if (acked !== expected.acked) {
    return `says that ${acked} entries were acknowledged, and at that point ${expected.acked} are`
  }
  if (verdict !== 'pass') return null
  const [failure] = expected.failures
  if (failure !== undefined) return `passes, and its subject comes to ${failure.name} there`
  return recovered === expected.recovered
    ? null
    : `says that ${recovered ?? 'no'} entries came back, and ${expected.recovered ?? 'none'} do`
}

/**
 * What of an iteration is not what its plan means or contradicts itself, as the rest of a sentence; null
 * when nothing. `expected` is what it comes to in memory: null where its faults can't be delivered
 * there, undefined where that can't be known.
 */
export function iterationProblem(
  record: IterationRecord,
  planned: Iteration,
  expected: ExpectedIteration | null | undefined,
): string | null {
  const problem = verdictProblem(record) ?? planProblem(record, planned) ?? numbersProblem(record)
  if (problem !== null || !record.delivered || expected === undefined) return problem
  if (expected === null) {
    return record.verdict === 'pass' ? 'passes, and its faults cannot be delivered' : null
  }
  // Of one that failed, only what came before its recovery is sure to be what it is everywhere.
  if (record.verdict === 'fail' && record.faults.length > 1) return null
  return expectationProblem(record, expected)
}
