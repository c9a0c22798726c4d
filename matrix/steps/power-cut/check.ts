import { FILE_SYSTEMS } from '../../../harness/volume/file-systems/index.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'
import type { PowerCutRecord, StepRecord } from '../../evidence/types.ts'
import { concludedProblem } from '../check-concluded.ts'
import type { StepOutcome } from '../row.ts'
import { powerCutControlsProblem } from './check-controls.ts'
import { powerCutCountsProblem } from './check-counts.ts'
import { logTallyProblem, roundsOf, statesProblem } from './check-problems.ts'
import { rulesOfTheLog } from './check-recording.ts'
import { statesFileProblem } from './check-states-file.ts'
import { concludePowerCut } from './conclude.ts'
import { type KeptShare, type RecordingRules, readRounds } from './rounds.ts'

type PowerCut = Extract<StepRecord, { name: 'power-cut' }>

/** So many problems are listed of each share. */
const LISTED_PROBLEMS = 10

/** What of a record's numbers contradicts the rest of them. */
function recordProblem(record: PowerCutRecord, shares: number): string | null {
  const { states, problems, marker, injector } = record
  const kinds = Object.values(states.byKind).reduce((sum, count) => sum + count, 0)
  if (kinds !== states.tried) {
    return `power-cut.json counts ${states.tried} states, ${kinds} by kind`
  }
  if (states.tried > states.distinct || states.distinct > states.drawn) {
    return `power-cut.json tried ${states.tried} of ${states.distinct} states of ${states.drawn}`
  }
  if (states.failed + states.unjudged > states.tried || states.inFull > states.tried) {
    return 'power-cut.json counts more failures than states'
  }
  const failing = problems.filter(({ failures }) => failures.length > 0).length
  if (failing > states.failed || problems.length - failing > states.unjudged) {
    return 'power-cut.json lists more problems than it counts'
  }
  if (states.failed + states.unjudged > 0 !== problems.length > 0) {
    return 'power-cut.json counts problems and lists none'
  }
  if (problems.length > LISTED_PROBLEMS * shares) return 'power-cut.json lists too many problems'
  if (marker.states > states.tried) return 'power-cut.json counts more markers than states'
  if (marker.vanished > marker.states) {
    return 'power-cut.json counts more markers that were gone than there could be'
  }
  if (injector.agreed > injector.compared) {
    return 'power-cut.json counts more states that e2fsck agreed on than it read'
  }
  return null
}

function keptProblem({ recordings: named }: PowerCutRecord, there: ReadFiles['recordings']) {
  const kept = [...there.keys()].sort((a, b) => a - b).join()
  const said = named.map(({ round }) => round).join()
  return kept === said
    ? null
    : `power-cut.json names the recordings ${said || 'of no round'}, and ${kept || 'none'} are there`
}

/** What is wrong where there is no record: power that was not cut leaves nothing. */
function unmadeProblem(
  { verdict, states, failed, reason }: PowerCut,
  { run, recordings }: ReadFiles,
) {
  if (recordings.size > 0) return 'there are recordings and no power-cut.json'
  if (verdict === 'pass' || verdict === 'fail') {
    return `the power-cut step says ${verdict} without power-cut.json`
  }
  if (states + failed > 0) return 'the power-cut step counts states without power-cut.json'
  const needs = /^(shard \d+\/\d+: )?it needs /
  if (verdict === 'skipped' && !needs.test(reason ?? '')) {
    return 'the power-cut step was skipped, and does not say what it needs'
  }
  return run.mount.volume === 'working-directory' && verdict !== 'skipped'
    ? 'its power was cut in the working directory'
    : null
}

/** What the record of a run's power cuts is held against, by what its subject is. */
export interface PowerCutRules {
  recordings: RecordingRules
  controlsProblem(record: PowerCutRecord): string | null
  statesProblem(record: PowerCutRecord, shares: readonly KeptShare[]): string | null
  conclude(record: PowerCutRecord): Extract<StepOutcome, { name: 'power-cut' }>
}

/** What of the power-cut step does not follow from its record, or that from its recordings. */
export function powerCutProblemBy(
  rules: PowerCutRules,
  step: PowerCut,
  files: ReadFiles,
): string | null {
  const { run, powerCut: record, powerCutStates, recordings } = files
  if (record === null) {
    return unmadeProblem(step, files) ?? statesFileProblem(powerCutStates, record)
  }
  if (!(run.cell.fileSystem in FILE_SYSTEMS)) return 'its power was cut in the working directory'
  const problem =
    rules.controlsProblem(record) ??
    recordProblem(record, Math.max(1, run.shards.length)) ??
    keptProblem(record, recordings)
  if (problem !== null) return problem
  const shares = readRounds(files, roundsOf(record.problems), rules.recordings)
  if (typeof shares === 'string') return shares
  return (
    rules.statesProblem(record, shares) ??
    powerCutCountsProblem(record, shares, run) ??
    concludedProblem(step, rules.conclude(record), run) ??
    statesFileProblem(powerCutStates, record)
  )
}

/** What of the power-cut step of our log, or of a control of it, does not follow from what lies beside it. */
export function powerCutProblem(step: PowerCut, files: ReadFiles): string | null {
  const rules: PowerCutRules = {
    recordings: rulesOfTheLog(files.run),
    controlsProblem: ({ controls }) => powerCutControlsProblem(controls, files.run),
    statesProblem: ({ problems }, shares) =>
      statesProblem(problems, shares, { tallyProblem: logTallyProblem, allKept: true }),
    conclude: (record) => concludePowerCut(record),
  }
  return powerCutProblemBy(rules, step, files)
}
