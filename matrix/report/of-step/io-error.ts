import { caseReplayLine } from '../../evidence/replay-line.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { storiesOfCases } from '../derived-story.ts'
import { controlOf } from './control.ts'
import { type RunFiles, type StepPart, toldOf } from './part.ts'

/** What is told of the errors that a run met. */
export function ioErrorPart(
  step: Extract<StepRecord, { name: 'io-error' }>,
  files: RunFiles,
): StepPart {
  const { ioError: record, run, path } = files
  if (record === null) return {}
  const told = record.problems.map(
    ({ case: name, what, acked, recovered, failures, notJudged }) => ({
      tier: 'io-error' as const,
      case: name,
      what,
      acked,
      recovered,
      failures,
      notJudged,
      replay: caseReplayLine(path, name, run.subjectPath),
    }),
  )
  return {
    cases: { tried: step.cases, failed: step.failed, inconclusive: step.inconclusive },
    controls: record.controls.map(controlOf),
    stories: storiesOfCases(told, toldOf(files, 'io-error')),
    errors: record.cases.map(({ operation, error, cases, passed, failed, inconclusive }) => ({
      operation,
      error,
      cases,
      passed,
      failed,
      inconclusive,
    })),
  }
}
