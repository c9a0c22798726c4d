import type { Result, Run } from './result.ts'
import type { FailedRow, Row } from './row.ts'

/** What a finding amounts to: it is as its row says, it is not, or that cannot be said. */
export interface Decision {
  outcome: 'as-told' | 'not-as-told' | 'inconclusive'
  why: string
}

const on = (runs: readonly Run[], fileSystem: string): Run[] =>
  runs.filter((run) => run.fileSystem === fileSystem)

/** Whether a run shows what its row says. */
export const shows = ({ failures }: Pick<FailedRow, 'failures'>, run: Run): boolean =>
  run.verdict === 'fail' && run.failures.some((name) => failures.includes(name))

const where = ({ fileSystem, seed }: Run): string => `on ${fileSystem} with seed ${seed}`

const notAsTold = (why: string): Decision => ({ outcome: 'not-as-told', why })
const unsure = (why: string): Decision => ({ outcome: 'inconclusive', why })

/** Whether each of what a row has run is there, once for every seed and file system. */
function missingRun({ seeds, fileSystems }: Row, runs: readonly Run[]): string | null {
  for (const seed of seeds) {
    for (const fileSystem of fileSystems) {
      if (on(runs, fileSystem).some((run) => run.seed === seed)) continue
      return `nothing was run on ${fileSystem} with seed ${seed}`
    }
  }
  return null
}

/** A pass in fewer different contents than that, of all seeds on a file system, says too little. */
const LEAST_CONTENTS = 10
/** And of a tier that does not count contents, in fewer cases. */
const LEAST_CASES = 100

function tooFew({ fileSystems }: Row, runs: readonly Run[]): string | null {
  for (const fileSystem of fileSystems) {
    const there = on(runs, fileSystem)
    const isCounted = there.every(({ contents }) => contents !== null)
    const [what, least] = isCounted
      ? ['different contents', LEAST_CONTENTS]
      : ['cases', LEAST_CASES]
    const judged = there.reduce(
      (sum, run) => sum + (isCounted ? Number(run.contents) : run.cases),
      0,
    )
    if (judged >= least) continue
    return `only ${judged} ${what} were judged on ${fileSystem}, and ${least} are the least`
  }
  return null
}

/** Whether one that must pass did so in every run. */
function decidePassing(row: Row, runs: readonly Run[], what: string): Decision | null {
  const failed = runs.find(({ verdict }) => verdict === 'fail')
  if (failed !== undefined) {
    return notAsTold(`${what} fails ${where(failed)}: ${failed.failures.join(', ')}`)
  }
  const missing = missingRun(row, runs)
  if (missing !== null) return unsure(`of ${what}, ${missing}`)
  const unjudged = runs.find(({ verdict }) => verdict !== 'pass')
  if (unjudged === undefined) {
    const few = tooFew(row, runs)
    return few === null ? null : unsure(`of ${what}, ${few}`)
  }
  return unsure(`${what} is ${unjudged.verdict} ${where(unjudged)}: ${unjudged.reason}`)
}

function decideShown(row: FailedRow, runs: readonly Run[]): Decision | null {
  const missing = missingRun(row, runs)
  if (missing !== null) return unsure(missing)
  for (const fileSystem of row.shownOn) {
    const there = on(runs, fileSystem)
    if (there.some((run) => shows(row, run))) continue
    const unjudged = there.find(
      ({ verdict }) => verdict === 'inconclusive' || verdict === 'skipped',
    )
    const failures = row.failures.join(' or ')
    const why = `${failures} was not shown on ${fileSystem} in ${there.length} recordings`
    if (unjudged === undefined) return notAsTold(why)
    return unsure(`${why}, of which ${where(unjudged)} is ${unjudged.verdict}: ${unjudged.reason}`)
  }
  return null
}

/** Decides a finding from its runs alone. What is not as told outweighs what cannot be said. */
export function decide(row: Row, { runs, cured }: Pick<Result, 'runs' | 'cured'>): Decision {
  const told: Decision = { outcome: 'as-told', why: 'it kept its promise in every run' }
  if (row.kind === 'kept') return decidePassing(row, runs, 'it') ?? told
  const decisions = [decideShown(row, runs), decidePassing(row, cured, 'the cured variant')]
  const found = decisions.filter((decision) => decision !== null)
  return (
    found.find(({ outcome }) => outcome === 'not-as-told') ??
    found[0] ?? { outcome: 'as-told', why: 'it is shown, and the cured variant passes' }
  )
}
