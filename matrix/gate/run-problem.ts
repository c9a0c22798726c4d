import { isDeepStrictEqual } from 'node:util'
import type { Description } from '../../harness/subject/description.ts'
import type { GoodRead, RunRead } from '../evidence/read.ts'
import type { CellStatus, RunRecord } from '../evidence/types.ts'
import { dueControls, missedControls } from '../steps/controls.ts'
import { isAskedIn, openWithout } from '../steps/index.ts'

/** What evidence is held against. */
export interface GateRules {
  commit: string | null
  maxAgeHours: number
  /** What describes the subject that is asked about; null for our log. */
  description: Description | null
  now: Date
}

/** Clocks of different machines may differ by so much. */
const CLOCK_SKEW_MS = 10 * 60 * 1000
const HOUR_MS = 60 * 60 * 1000

/** Why a run is not of the subject that is asked about, in a sentence; null when it is. */
function subjectProblem({ run, description }: GoodRead, asked: Description | null): string | null {
  const { subject, subjectPath } = run
  if (asked === null) {
    if (subjectPath !== null) {
      return `it ran ${subject}, which ${subjectPath} describes, and not our log: name it with --subject`
    }
    return subject === 'wal' ? null : `it ran ${subject}, a subject broken on purpose`
  }
  if (description === null) return `it ran ${subject}, and was asked about ${asked.name}`
  return isDeepStrictEqual(description, asked)
    ? null
    : `its subject.json does not describe ${asked.name} as the file that is given does`
}

function provenanceProblem(run: RunRecord, status: CellStatus, rules: GateRules): string | null {
  if (run.shard !== null) {
    const { index, of } = run.shard
    return `it is shard ${index} of ${of}: bring them together with pullplug merge`
  }
  if (run.cell.status !== status)
    return `it says that the cell is ${run.cell.status}, and it is ${status}`
  if (run.commit === null) return 'it names no commit'
  if (rules.commit === null) return 'no commit was given to hold it against'
  if (run.commit !== rules.commit) {
    return `it is of commit ${run.commit.slice(0, 12)} and not of ${rules.commit.slice(0, 12)}`
  }
  if (run.dirty !== false) return 'it is of a tree with uncommitted changes'
  const ends = [run, ...run.shards].map(({ finishedAt }) => Date.parse(finishedAt))
  const ageMs = rules.now.getTime() - Math.min(...ends)
  if (ageMs > rules.maxAgeHours * HOUR_MS) {
    return `it is ${Math.floor(ageMs / HOUR_MS)} hours old, and ${rules.maxAgeHours} are allowed`
  }
  if (Math.max(...ends) - rules.now.getTime() > CLOCK_SKEW_MS)
    return `it is from the future: ${run.finishedAt}`
  if (status === 'gated' && run.emulation !== 'none') {
    return `it ran under ${run.emulation}, which does not stand for a native machine`
  }
  if (run.mount.volume !== 'loop' && status !== 'informational')
    return 'it ran on no volume of its own'
  return null
}

function proofProblem(run: RunRecord, status: CellStatus): string | null {
  const kill = run.steps.find((step) => step.name === 'kill')
  if (kill === undefined || kill.delivered === 0) return 'it delivered no fault'
  if (dueControls(kill.controls).length === 0) return 'it had no control that it must catch'
  const [missed] = missedControls(kill.controls)
  if (missed !== undefined) return `it missed its control ${missed}`
  const skipped = run.steps.find((step) => step.verdict === 'skipped' && isAskedIn(step, status))
  return skipped !== undefined ? `${openWithout(skipped) ?? skipped.name}: ${skipped.reason}` : null
}

/** Why a run does not count in favour of its cell, in a sentence; null when it does. */
export function runProblem(read: RunRead, status: CellStatus, rules: GateRules): string | null {
  if (!read.ok) return read.problem
  const { run } = read
  const provenance =
    subjectProblem(read, rules.description) ?? provenanceProblem(run, status, rules)
  if (provenance !== null) return provenance
  const proof = proofProblem(run, status)
  const unmet = run.steps.find(({ verdict }) => verdict === run.verdict && verdict !== 'pass')
  if (run.verdict === 'fail') return `it failed: ${unmet?.name}: ${unmet?.reason}`
  if (proof !== null) return proof
  if (run.verdict !== 'pass') {
    const step = run.steps.find(({ verdict }) => verdict !== 'pass')
    return `it is inconclusive: ${step?.name}: ${step?.reason}`
  }
  return read.verifyReport?.pass === true || run.subjectPath !== null
    ? null
    : 'its wal_verify.json is not there or does not pass'
}
