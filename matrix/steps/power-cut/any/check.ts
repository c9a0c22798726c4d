import { isDeepStrictEqual } from 'node:util'
import { recordingProblem } from '../../../../harness/crash-states/recording-problem.ts'
import { isStateInWords } from '../../../../harness/crash-states/state.ts'
import type { SubjectPromise } from '../../../../harness/oracle/promises/index.ts'
import { planRecordedHistory } from '../../../../harness/plan/recorded-history.ts'
import { MOST_CONTROL_STATES } from '../../../../harness/power-cut/any-controls.ts'
import { CONFIRMED_BY } from '../../../../harness/power-cut/catch.ts'
import { POWER_CUT_CONTROLS } from '../../../../harness/subject/controls.ts'
import type { Description } from '../../../../harness/subject/description.ts'
import { promiseFor } from '../../../../harness/subject/promise.ts'
import { FILE_SYSTEMS } from '../../../../harness/volume/file-systems/index.ts'
import type { ReadFiles } from '../../../evidence/read-files.ts'
import type { PowerCutControlRecord, RunRecord, StepRecord } from '../../../evidence/types.ts'
import { knownControl } from '../../any-control-record.ts'
import { recoveredProblem } from '../../any-recovered-problem.ts'
import { controlsProblem } from '../../check-controls.ts'
import { powerCutProblemBy } from '../check.ts'
import { statesProblem } from '../check-problems.ts'
import { expectedOfRun } from '../check-recording.ts'
import { concludeAnyPowerCut } from '../conclude.ts'
import type { RecordingRules } from '../rounds.ts'

function recordingRules(run: RunRecord, { kind, volumeBytes = 0 }: Description): RecordingRules {
  return {
    allKept: false,
    problem(ordered, round) {
      const expected = expectedOfRun(run, round)
      const { sessions } = planRecordedHistory(kind, run.seed, round)
      const planned = sessions
        .flatMap(({ changes }) => changes)
        .map((change) => JSON.stringify(change))
      const leastBytes = FILE_SYSTEMS[expected.fileSystem].powerCut.sizeBytes
      return recordingProblem(ordered, {
        ...expected,
        planned,
        sizeBytes: Math.max(volumeBytes, leastBytes),
      })
    },
  }
}

function searchProblem({ name, caught, by, states, confirmedBy }: PowerCutControlRecord) {
  const its = `its control ${name}`
  if (states > MOST_CONTROL_STATES) {
    return `${its} was tried in ${states} states, and ${MOST_CONTROL_STATES} are the most`
  }
  if (!isDeepStrictEqual(confirmedBy, caught ? CONFIRMED_BY : [])) {
    return `${its} is said to have been confirmed by ${confirmedBy.join(' and ') || 'nobody'}`
  }
  return by === null || isStateInWords(by) ? null : `${its} was shown by something that is no state`
}

function anyControlsProblem(controls: readonly PowerCutControlRecord[], promise: SubjectPromise) {
  const table = POWER_CUT_CONTROLS.map((control) => knownControl(control, promise))
  const problem = controlsProblem(controls, table, ({ states }) => states)
  return problem ?? controls.map(searchProblem).find((each) => each !== null) ?? null
}

/** What of the power-cut step of any subject does not follow from what lies beside it. */
export function anyPowerCutProblem(
  step: Extract<StepRecord, { name: 'power-cut' }>,
  files: ReadFiles,
): string | null {
  const { run, description } = files
  if (description === null) return 'its subject.json is not there'
  const promise = promiseFor(description.promises, 'power-cut')
  return powerCutProblemBy(
    {
      recordings: recordingRules(run, description),
      controlsProblem: ({ controls }) => anyControlsProblem(controls, promise),
      statesProblem: ({ problems }, shares) =>
        statesProblem(problems, shares, {
          allKept: false,
          tallyProblem: (problem, sent) => recoveredProblem({ ...problem, sent }, promise, 'fail'),
        }),
      conclude: concludeAnyPowerCut,
    },
    step,
    files,
  )
}
