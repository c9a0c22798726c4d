import type {
  ErrorCasesRecord,
  ErrorProblemRecord,
  IoErrorRecord,
} from '../../evidence/io-error-types.ts'
import { conclude, stepOf } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

/** Changes the record, and then all that follows from it. */
const record =
  (change: (record: IoErrorRecord) => void): Change =>
  (draft) => {
    if (draft.ioError !== null) change(draft.ioError)
    conclude(draft)
  }

const counts = (change: Partial<ErrorCasesRecord>): Change =>
  record(({ cases: [first] }) => Object.assign(first ?? {}, change))

const PROBLEM: ErrorProblemRecord = {
  case: '1.12-EIO-reopens',
  operation: 'create',
  error: 'EIO',
  what: 'append 1: create telemetry.wal (operation 12) is answered EIO, and the subject is reopened',
  sent: 3,
  acked: 3,
  recovered: 2,
  failures: [
    { name: 'false-success', detail: '3 entries were acknowledged and the last 1 are gone' },
  ],
  notJudged: null,
  replay: 'npx pullplug replay evidence/amd64/ext4/run-1 --case 1.12-EIO-reopens',
}

/** A record of one failure, as an honest run has it, but for `change`. */
export const failing = (
  change: (record: IoErrorRecord, problem: ErrorProblemRecord) => void,
): Change =>
  record((each) => {
    const [first] = each.cases
    if (first === undefined) return
    first.passed -= 1
    first.failed += 1
    each.confirmations = { taken: 1, agreed: 1, durationMs: 5 }
    const problem = structuredClone(PROBLEM)
    each.problems = [problem]
    change(each, problem)
  })

/** What errors of a disk say, of a run that had time for 60 cases. */
export const LIES_ABOUT_ERRORS: Lie[] = [
  [
    'a pass without its record of errors',
    (draft) => {
      draft.ioError = null
    },
    'the io-error step says pass without io-error.json',
  ],
  [
    'errors that were skipped for no need',
    (draft) => {
      draft.ioError = null
      const none = { cases: 0, delivered: 0, passed: 0 }
      Object.assign(stepOf(draft, 'io-error'), { verdict: 'skipped', reason: 'no time', ...none })
    },
    'the io-error step was skipped, and does not say what it needs',
  ],
  [
    'errors that were skipped',
    (draft) => {
      draft.ioError = null
      const none = { cases: 0, delivered: 0, passed: 0 }
      Object.assign(stepOf(draft, 'io-error'), {
        verdict: 'skipped',
        reason: 'it needs root',
        ...none,
      })
    },
    'its disk never said no: it needs root',
  ],
  [
    'cases that were skipped and are counted',
    (draft) => {
      draft.ioError = null
      Object.assign(stepOf(draft, 'io-error'), { verdict: 'skipped', reason: 'it needs root' })
    },
    'the io-error step counts cases without io-error.json',
  ],
  [
    'cases that were made and are said to be skipped',
    (draft) =>
      void Object.assign(stepOf(draft, 'io-error'), {
        verdict: 'skipped',
        reason: 'it needs root',
      }),
    'the io-error step says skipped, and its parts come to pass: nothing against it',
  ],
  [
    'an error that no such operation can meet',
    counts({ error: 'short-half' }),
    'short-half at create is none that can be',
  ],
  [
    'an operation that there is not',
    counts({ operation: 'teleport' }),
    'EIO at teleport is none that can be',
  ],
  [
    'an error that was met by no case',
    counts({ cases: 0, delivered: 0, passed: 0 }),
    'EIO at create counts no case',
  ],
  [
    'more passes than cases',
    counts({ passed: 99 }),
    'EIO at create counts other verdicts than cases',
  ],
  [
    'more that were met than cases',
    counts({ delivered: 99 }),
    'EIO at create counts more that were met than cases',
  ],
  [
    'passes of errors that were never met',
    counts({ delivered: 3 }),
    'EIO at create counts verdicts of errors that no operation met',
  ],
  [
    'an error that is counted twice',
    record((each) => each.cases.splice(1, 0, ...each.cases.slice(0, 1))),
    'io-error.json counts an error twice, or out of order',
  ],
  [
    'more cases than there are',
    record((each) => Object.assign(each, { planned: 50 })),
    'io-error.json counts 60 cases of 50 in 1 histories',
  ],
  [
    'cases of no history',
    record((each) => Object.assign(each, { rounds: 0 })),
    'io-error.json counts 60 cases of 867 in 0 histories',
  ],
  [
    'fewer cases than are the least',
    record((each) => each.cases.splice(1)),
    'io-error.json counts 15 cases, and 40 are the least',
  ],
  [
    'a control of errors that is not there',
    record(({ controls }) => controls.splice(0, 1)),
    'its control sync-retried is not there',
  ],
  [
    'a control that was tried in more cases than are tried',
    record(({ controls: [first] }) => Object.assign(first ?? {}, { cases: 81 })),
    'its control sync-retried met 81 errors, and 80 are the most',
  ],
  [
    'a pass that missed a control of errors',
    record(({ controls: [first] }) =>
      Object.assign(first ?? {}, { caught: false, failure: null, by: null }),
    ),
    'it is inconclusive: io-error: it missed its control sync-retried, so it proves nothing',
  ],
  [
    'a failure that is not listed',
    failing((each) => each.problems.splice(0)),
    'io-error.json counts problems and does not list them',
  ],
  [
    'a failure that was told from one look',
    failing((each) =>
      Object.assign(each, { confirmations: { taken: 0, agreed: 0, durationMs: 0 } }),
    ),
    'io-error.json counts second looks that do not follow from its cases',
  ],
  [
    'a case that is told twice',
    failing((each, problem) => each.problems.push(problem)),
    'case 1.12-EIO-reopens is told twice',
  ],
  [
    'a case of another error than its name says',
    failing((_, problem) => Object.assign(problem, { error: 'ENOSPC' })),
    'case 1.12-EIO-reopens is of another error than it names',
  ],
  [
    'a case with a name that none has',
    failing((_, problem) =>
      Object.assign(problem, {
        case: '1.12-EPERM-reopens',
        replay: 'npx pullplug replay evidence/amd64/ext4/run-1 --case 1.12-EPERM-reopens',
      }),
    ),
    'case 1.12-EPERM-reopens has a name that no case has',
  ],
  [
    'a case of an error that never failed',
    failing((_, problem) => Object.assign(problem, { operation: 'rename' })),
    'case 1.12-EIO-reopens is of an error that did not fare so',
  ],
  [
    'a case that failed and was not judged',
    failing((_, problem) => Object.assign(problem, { notJudged: 'it gave no answer' })),
    'case 1.12-EIO-reopens contradicts itself',
  ],
  [
    'more acknowledgements than changes',
    failing((_, problem) => Object.assign(problem, { acked: 4 })),
    'case 1.12-EIO-reopens says that 4 of 3 changes were acknowledged',
  ],
  [
    'more changes that came back than were sent to meet errors',
    failing((_, problem) => Object.assign(problem, { recovered: 4 })),
    'case 1.12-EIO-reopens says that the state after 4 of 3 changes came back',
  ],
  [
    'a line that replays another case',
    failing((_, problem) =>
      Object.assign(problem, { replay: `${PROBLEM.replay.slice(0, -7)}goes-on` }),
    ),
    'the line that replays case 1.12-EIO-reopens is another one',
  ],
]
