import { canMeet, readCaseName } from '../../../harness/io-error/case-names.ts'
import { LEAST_CASES, MOST_CONTROL_CASES } from '../../../harness/io-error/limits.ts'
import { worstFirst } from '../../../harness/io-error/told.ts'
import type {
  ErrorCasesRecord,
  ErrorProblemRecord,
  IoErrorControlRecord,
  IoErrorRecord,
} from '../../evidence/io-error-types.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'
import type { RunRecord, StepRecord } from '../../evidence/types.ts'
import { concludedProblem } from '../check-concluded.ts'
import { controlsProblem } from '../check-controls.ts'
import { concludeIoError, sumOfCases } from './conclude.ts'
import { countedBy, LISTED_PROBLEMS } from './record.ts'

type IoError = Extract<StepRecord, { name: 'io-error' }>

/** What is wrong where there is no record: where no disk said no, nothing is left of it. */
function unmadeProblem({ verdict, reason, ...counts }: IoError): string | null {
  if (verdict === 'pass' || verdict === 'fail') {
    return `the io-error step says ${verdict} without io-error.json`
  }
  if (counts.cases + counts.delivered + counts.passed + counts.failed + counts.inconclusive > 0) {
    return 'the io-error step counts cases without io-error.json'
  }
  const needs = /^(shard \d+\/\d+: )?it needs /
  return verdict === 'skipped' && !needs.test(reason ?? '')
    ? 'the io-error step was skipped, and does not say what it needs'
    : null
}

/** What of one row of counts contradicts itself, as the rest of a sentence. */
function countProblem(counted: ErrorCasesRecord): string | null {
  const { operation, error, cases, delivered, passed, failed, inconclusive } = counted
  if (!canMeet(operation, error)) return 'is none that can be'
  if (cases === 0) return 'counts no case'
  if (passed + failed + inconclusive !== cases) return 'counts other verdicts than cases'
  if (delivered > cases) return 'counts more that were met than cases'
  return passed + failed > delivered ? 'counts verdicts of errors that no operation met' : null
}

function countsProblem(
  record: IoErrorRecord,
  { errorCases, shards, shard }: RunRecord,
): string | null {
  const { cases, planned, rounds } = record
  for (const each of cases) {
    const problem = countProblem(each)
    if (problem !== null) return `${each.error} at ${each.operation} ${problem}`
  }
  const order = (all: readonly ErrorCasesRecord[]): string =>
    all.map(({ operation, error }) => `${operation} ${error}`).join()
  if (order(cases) !== order(countedBy(cases)))
    return 'io-error.json counts an error twice, or out of order'
  const made = sumOfCases(record).cases
  if (made > planned || (rounds === 0) !== (planned === 0)) {
    return `io-error.json counts ${made} cases of ${planned} in ${rounds} histories`
  }
  const parts = Math.max(shards.length, 1)
  const least = errorCases === null ? LEAST_CASES * parts : Math.ceil(errorCases / (shard?.of ?? 1))
  return made < least ? `io-error.json counts ${made} cases, and ${least} are the least` : null
}

/** What of a case that is listed contradicts itself, as the rest of a sentence. */
function listedProblem(problem: ErrorProblemRecord): string | null {
  const { error, operation, sent, acked, recovered, failures, notJudged } = problem
  const named = readCaseName(problem.case)
  if (named === null) return 'has a name that no case has'
  if (named.error !== error || !canMeet(operation, error))
    return 'is of another error than it names'
  if (failures.length > 0 === (notJudged !== null)) return 'contradicts itself'
  if (acked > sent) return `says that ${acked} of ${sent} changes were acknowledged`
  return recovered !== null && recovered > sent
    ? `says that the state after ${recovered} of ${sent} changes came back`
    : null
}

function problemsProblem(record: IoErrorRecord, shares: number): string | null {
  const { problems, cases, confirmations } = record
  const { failed, inconclusive } = sumOfCases(record)
  const names = problems.map((problem) => problem.case)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return `case ${twice} is told twice`
  for (const each of problems) {
    const problem = listedProblem(each)
    if (problem !== null) return `case ${each.case} ${problem}`
    const counted = cases.find(
      ({ operation, error }) => operation === each.operation && error === each.error,
    )
    const count = each.failures.length > 0 ? counted?.failed : counted?.inconclusive
    if (!count) return `case ${each.case} is of an error that did not fare so`
  }
  const failing = problems.filter(({ failures }) => failures.length > 0).length
  if (failing > failed || problems.length - failing > inconclusive) {
    return 'io-error.json lists more problems than it counts'
  }
  if (problems.length > LISTED_PROBLEMS * shares) return 'io-error.json lists too many problems'
  if (problems.length < Math.min(failed + inconclusive, LISTED_PROBLEMS)) {
    return 'io-error.json counts problems and does not list them'
  }
  if (shares === 1 && worstFirst([...problems]).some((each, at) => each !== problems[at])) {
    return 'io-error.json lists a problem before those that failed'
  }
  // No failure is told from one look, and one that is inconclusive may have had another.
  const { taken, agreed } = confirmations
  return agreed < failed || agreed > taken || taken > failed + inconclusive
    ? 'io-error.json counts second looks that do not follow from its cases'
    : null
}

function searchProblem({ name, cases }: IoErrorControlRecord): string | null {
  return cases > MOST_CONTROL_CASES
    ? `its control ${name} met ${cases} errors, and ${MOST_CONTROL_CASES} are the most`
    : null
}

type Known = Parameters<typeof controlsProblem>[1]

/** What of the io-error step does not follow from its record, or of that contradicts the rest of it. */
export function ioErrorProblemBy(table: Known, step: IoError, files: ReadFiles): string | null {
  const { run, ioError: record } = files
  if (record === null) return unmadeProblem(step)
  if (run.emulation !== 'none') return 'it met errors under an emulator'
  return (
    controlsProblem(record.controls, table, ({ cases }) => cases) ??
    record.controls.map(searchProblem).find((each) => each !== null) ??
    countsProblem(record, run) ??
    problemsProblem(record, Math.max(1, run.shards.length)) ??
    concludedProblem(step, concludeIoError(record), run)
  )
}
