import { worstFirst } from '../../../harness/io-error/told.ts'
import { sumOfConfirmations } from '../../../harness/oracle/second-look.ts'
import type { IoErrorRecord } from '../../evidence/io-error-types.ts'
import { caseReplayLine } from '../../evidence/replay-line.ts'
import { mergeControls } from '../merge-controls.ts'
import { countedBy } from './record.ts'

/**
 * The `io-error.json` of a run from those of its shards (null where there is none), which made different histories.
 * `path` is where the run will stand, and `subjectPath` where its subject's description stood.
 */
export function mergeIoError(
  records: readonly (IoErrorRecord | null)[],
  { path, subjectPath }: { path: string; subjectPath: string | null },
): IoErrorRecord | null {
  const there = records.filter((record) => record !== null)
  const [first] = there
  if (first === undefined) return null
  const sum = (count: 'rounds' | 'planned'): number =>
    there.reduce((total, record) => total + record[count], 0)
  const problems = there
    .flatMap((record) => record.problems)
    .map((problem) => ({
      ...problem,
      replay: caseReplayLine(path, problem.case, subjectPath),
    }))
  return {
    ...first,
    rounds: sum('rounds'),
    planned: sum('planned'),
    cases: countedBy(there.flatMap(({ cases }) => cases)),
    confirmations: sumOfConfirmations(there.map(({ confirmations }) => confirmations)),
    problems: worstFirst(problems),
    controls: mergeControls(there.map(({ controls }) => controls)),
  }
}
