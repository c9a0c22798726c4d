import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import type { IoErrorControlRecord, IoErrorRecord } from '../../evidence/io-error-types.ts'
import { dueControls, whyNothingProven } from '../controls.ts'
import type { StepOutcome } from '../row.ts'

/** Where no disk said no, but for why. */
export const UNMADE = {
  name: 'io-error',
  confirmations: NO_CONFIRMATIONS,
  cases: 0,
  delivered: 0,
  passed: 0,
  failed: 0,
  inconclusive: 0,
} as const

const COUNTS = ['cases', 'delivered', 'passed', 'failed', 'inconclusive'] as const

/** All that was counted of the cases, whatever they met. */
export function sumOfCases({ cases }: Pick<IoErrorRecord, 'cases'>) {
  const sum = (count: (typeof COUNTS)[number]): number =>
    cases.reduce((total, each) => total + each[count], 0)
  return {
    cases: sum('cases'),
    delivered: sum('delivered'),
    passed: sum('passed'),
    failed: sum('failed'),
    inconclusive: sum('inconclusive'),
  }
}

function whyNot(
  record: IoErrorRecord,
): { verdict: 'fail' | 'inconclusive'; reason: string } | null {
  const { problems, controls } = record
  const { cases, delivered, failed, inconclusive } = sumOfCases(record)
  if (failed > 0) {
    const names = [...new Set(problems.flatMap(({ failures }) => failures.map(({ name }) => name)))]
    return { verdict: 'fail', reason: `${failed} of ${cases} cases failed: ${names.join(', ')}` }
  }
  const unsure = (reason: string) => ({ verdict: 'inconclusive', reason }) as const
  if (inconclusive > 0) {
    const why = problems.find(({ notJudged }) => notJudged !== null)?.notJudged
    return unsure(`${inconclusive} of ${cases} cases are inconclusive: ${why}`)
  }
  if (delivered === 0) return unsure('no operation met an error')
  const due = dueControls(controls)
  if (due.length === 0) return unsure('there was no control that it must catch')
  const unproven = whyNothingProven('it', due, (control: IoErrorControlRecord) => control.cases)
  return unproven === null ? null : unsure(unproven)
}

/** What a record of errors comes to. */
export function concludeIoError(record: IoErrorRecord): Extract<StepOutcome, { name: 'io-error' }> {
  const { verdict, reason } = whyNot(record) ?? { verdict: 'pass', reason: null }
  const { confirmations } = record
  return { name: 'io-error', verdict, reason, confirmations, ...sumOfCases(record) }
}
