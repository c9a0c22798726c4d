import type { AllErrors } from '../../../harness/io-error/meet-all.ts'
import { type ToldErrorCase, worstFirst } from '../../../harness/io-error/told.ts'
import { confirmationsOf, sumOfConfirmations } from '../../../harness/oracle/second-look.ts'
import type {
  ErrorCasesRecord,
  ErrorProblemRecord,
  IoErrorControlRecord,
  IoErrorRecord,
} from '../../evidence/io-error-types.ts'
import { recordedDetail, recordedFailures } from '../../evidence/recorded.ts'
import { caseReplayLine } from '../../evidence/replay-line.ts'

/** So many problems are listed of each share. */
export const LISTED_PROBLEMS = 10

/** Where the evidence will stand, and what described its subject. */
export interface OfErrors {
  evidencePath: string
  subjectPath: string | null
}

/** A case that did not pass, as evidence has it. */
export function problemRecord(
  told: ToldErrorCase,
  { evidencePath, subjectPath }: OfErrors,
): ErrorProblemRecord {
  const { name, operation, error, what, sent, acked, recovered, failures, reason } = told
  return {
    case: name,
    operation,
    error,
    what: recordedDetail(what),
    sent,
    acked,
    recovered,
    failures: recordedFailures(failures),
    notJudged: recordedDetail(reason),
    replay: caseReplayLine(evidencePath, name, subjectPath),
  }
}

/** Counts by the kind of operation and the error, in an order of their own. */
export function countedBy(cases: readonly ErrorCasesRecord[]): ErrorCasesRecord[] {
  const sums = new Map<string, ErrorCasesRecord>()
  for (const each of cases) {
    const key = `${each.operation} ${each.error}`
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { ...each })
    else {
      sum.cases += each.cases
      sum.delivered += each.delivered
      sum.passed += each.passed
      sum.failed += each.failed
      sum.inconclusive += each.inconclusive
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}

const one = (is: boolean): number => (is ? 1 : 0)

/** What came of a disk that says no, as evidence has it. */
export function ioErrorRecord(
  { cases, planned, rounds }: AllErrors,
  controls: IoErrorControlRecord[],
  ofErrors: OfErrors,
): IoErrorRecord {
  const problems = cases.filter(({ verdict }) => verdict !== 'pass')
  return {
    schema: 'https://pullplug.dev/schemas/io-error/1.json',
    rounds,
    planned,
    cases: countedBy(
      cases.map(({ operation, error, delivered, verdict }) => ({
        operation,
        error,
        cases: 1,
        delivered: one(delivered),
        passed: one(verdict === 'pass'),
        failed: one(verdict === 'fail'),
        inconclusive: one(verdict === 'inconclusive'),
      })),
    ),
    confirmations: sumOfConfirmations(cases.map(confirmationsOf)),
    problems: worstFirst(problems.map((told) => problemRecord(told, ofErrors))).slice(
      0,
      LISTED_PROBLEMS,
    ),
    controls,
  }
}
