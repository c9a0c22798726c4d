import { recordedFaultsInWords } from '../../evidence/faults-in-words.ts'
import { replayLine } from '../../evidence/replay-line.ts'
import type { IterationRecord, StepRecord } from '../../evidence/types.ts'
import { storiesOfCases } from '../derived-story.ts'
import { MAX_DRAWN_KILLS } from '../limits.ts'
import type { ReportKill } from '../model.ts'
import { controlOf } from './control.ts'
import { coverageOf } from './coverage.ts'
import { type RunFiles, type StepPart, toldOf } from './part.ts'

/** Where the writer was killed; null where it was not, as in an iteration that only rots an entry. */
function killOf({ iteration, faults, verdict }: IterationRecord): ReportKill | null {
  const base = { case: String(iteration), verdict }
  for (const fault of faults) {
    if (fault.kind === 'kill-at-moment') {
      return { ...base, at: fault.afterAcks, moment: 'between' }
    }
    if (fault.kind === 'kill-at-operation') {
      return { ...base, at: fault.number, moment: fault.moment }
    }
    if (fault.kind === 'kill' && fault.process === 'writer') {
      return { ...base, at: fault.point.number, moment: fault.point.moment }
    }
  }
  return null
}

/** At what kinds of points an iteration was struck: a moment and an operation, whatever its number. */
const pointsOf = ({ faults }: IterationRecord): string =>
  recordedFaultsInWords(faults).replace(/\d+/g, '…')

/** What is told of the kills of a run. */
export function killPart(step: Extract<StepRecord, { name: 'kill' }>, files: RunFiles): StepPart {
  const { run, iterations, path } = files
  const bad = iterations.filter(({ verdict }) => verdict !== 'pass')
  const told = bad.map(({ iteration, faults, acked, recovered, failures, reason }) => ({
    tier: 'kill' as const,
    case: String(iteration),
    what: recordedFaultsInWords(faults),
    acked,
    recovered,
    failures,
    notJudged: failures.length === 0 ? (reason ?? 'its fault was not delivered') : null,
    replay: replayLine(path, iteration, run.subjectPath),
  }))
  const kills = iterations.flatMap((iteration) => killOf(iteration) ?? [])
  return {
    cases: { tried: step.iterations, failed: step.failed, inconclusive: step.inconclusive },
    controls: step.controls.map(controlOf),
    stories: storiesOfCases(told, toldOf(files, 'kill')),
    kills: kills.slice(0, MAX_DRAWN_KILLS),
    coverage: coverageOf('faults alike but for their numbers', iterations.map(pointsOf)),
  }
}
