import { join } from 'node:path'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import { missing } from '../process/lack.ts'
import { ReduceBudget } from '../story/budget.ts'
import { byCause } from '../story/causes.ts'
import type { Story } from '../story/story.ts'
import type { Tier, TierOptions, TierProblem, TierResult } from '../tier.ts'
import { inPlace, lacksForPlace } from '../tier-place.ts'
import { catchAnyControls } from './any-controls.ts'
import type { MomentResult } from './moment-iteration.ts'
import { killAtMoments } from './moments.ts'
import { withoutAbsent } from './operations/absent-points.ts'
import { killAtOperations, type NamedResult, type OperationExtent } from './operations/campaign.ts'
import { CannotPlayWhereSeen } from './operations/cannot-play.ts'
import { killInWords, strayInWords } from './operations/kill-at-operation.ts'
import { reduceKill } from './operations/reduce.ts'
import { causeOfKill, tellKill, tellMoment } from './told.ts'
import { triedKill, triedMoment } from './tried.ts'

const KEPT_PROBLEMS = 10
const FIRST_HISTORY = 1

function problemAtMoment({
  iteration,
  moment,
  sent,
  acked,
  recovered,
  failures,
  reason,
}: MomentResult): TierProblem {
  const { afterAcks, delayMicros } = moment
  const what = `killed ${delayMicros} µs after change ${afterAcks + 1} was sent; ${sent} sent`
  return {
    case: String(iteration),
    what,
    acked,
    recovered,
    failures,
    notJudged: reason,
    story: null,
  }
}

function problemAtOperation(result: NamedResult, story: Story | null): TierProblem {
  const { name, counted, sent, acked, recovered, failures, reason } = result
  const what = `${killInWords(result)}${strayInWords(counted, result)}; ${sent} sent`
  return { case: name, what, acked, recovered, failures, notJudged: reason, story }
}

/** Those that failed, and those that could not be judged. */
function sorted<R extends { verdict: MomentResult['verdict'] }>(results: readonly R[]) {
  return {
    failed: results.filter(({ verdict }) => verdict === 'fail'),
    notJudged: results.filter(({ verdict }) => verdict === 'inconclusive'),
  }
}

/** One failure of each cause, made as small as there is time for; one that is asked for by its name stays as it is. */
async function toldByCause(
  root: string,
  { subject, seed, only, signal }: TierOptions,
  failed: readonly NamedResult[],
): Promise<TierProblem[]> {
  const causes = byCause(failed, causeOfKill).slice(0, KEPT_PROBLEMS)
  const problems: TierProblem[] = []
  const budget = new ReduceBudget()
  for (const [at, { first, count }] of causes.entries()) {
    const smaller =
      only === null
        ? await budget.spend((forMs) =>
            reduceKill({ subject, seed, root: join(root, String(at)), forMs, signal }, first),
          )
        : null
    const { result, reduced } = smaller ?? { result: first, reduced: null }
    const story = tellKill(subject, result, reduced)
    problems.push(problemAtOperation(result, story && { ...story, count }))
  }
  return problems
}

interface Killed {
  results: { verdict: MomentResult['verdict'] }[]
  problems: TierProblem[]
  points: number | null
  contents: number | null
  remark: string | null
}

/** Kills at moments, where operations are not seen. */
async function atMoments(root: string, options: TierOptions): Promise<Killed> {
  const { subject, seed, forMs, only, signal, onProgress } = options
  let cases = 0
  const results = await killAtMoments({
    subject,
    seed,
    root,
    extent: only === null ? { forMs } : { numbers: [Number(only)] },
    signal,
    isEnough: options.isEnough,
    onResult: (result) => {
      onProgress(++cases)
      options.onCase?.(triedMoment(result))
    },
  })
  const { failed, notJudged } = sorted(results)
  const problems = byCause(failed, ({ failures }) => failures[0]?.name ?? '').map(
    ({ first, count }): TierProblem => {
      const story = tellMoment(subject, seed, first)
      return { ...problemAtMoment(first), story: story && { ...story, count } }
    },
  )
  return {
    results,
    problems: [...problems, ...notJudged.map(problemAtMoment)].slice(0, KEPT_PROBLEMS),
    points: null,
    contents: null,
    remark: null,
  }
}

function extentOf({ only, everyPoint, forMs }: TierOptions): OperationExtent {
  if (only !== null) return { names: [only] }
  return everyPoint ? { everyPointOf: FIRST_HISTORY } : { forMs }
}

/** Kills at operations. */
async function atOperations(root: string, options: TierOptions): Promise<Killed> {
  const { subject, seed, signal, onProgress } = options
  let cases = 0
  const {
    results: all,
    points,
    silent,
  } = await killAtOperations({
    subject,
    seed,
    root,
    extent: extentOf(options),
    signal,
    isEnough: options.isEnough,
    onResult: (result) => {
      onProgress(++cases)
      options.onCase?.(triedKill(result))
    },
  })
  const { came: results, absent } = withoutAbsent(all)
  const { failed, notJudged } = sorted(results)
  const problems = [
    ...(await toldByCause(join(root, 'smaller'), options, failed)),
    ...notJudged.map((result) => problemAtOperation(result, null)),
  ].slice(0, KEPT_PROBLEMS)
  const contents = new Set(results.flatMap((result) => result.contents ?? [])).size
  const remarks = [
    absent > 0 &&
      `${absent} of ${all.length} points did not come: it does not make the same operations each time`,
    silent.silent > 0 &&
      `${silent.silent} of ${silent.changes} changes were acknowledged without any operation in its directory`,
  ].filter((each) => each !== false)
  const remark = remarks.length === 0 ? null : remarks.join('; ')
  return { results, problems, points, contents, remark }
}

/** Whether what is asked for can be done at operations alone. */
const asksForPoints = ({ only, everyPoint }: TierOptions): boolean => only !== null || everyPoint

/** Kills at operations; at moments where it can't play a history where they are seen, and can in a plain folder. */
async function atOperationsOrMoments(root: string, options: TierOptions): Promise<Killed> {
  try {
    return await atOperations(root, options)
  } catch (error) {
    if (!(error instanceof CannotPlayWhereSeen) || asksForPoints(options)) throw error
    const remark = `it was killed at moments, since where its operations are seen it can’t be: ${error.message}`
    return { ...(await atMoments(root, options)), remark }
  }
}

/** A case of operations is named by a history and a point, such as `1.12b`; one of moments by a number. */
const namesMoment = (only: string | null): boolean => only !== null && !only.includes('.')

async function runIn(root: string, options: TierOptions): Promise<TierResult> {
  const { subject, seed, only, signal } = options
  const directory = join(root, 'control')
  const controls = await catchAnyControls({ subject, seed, directory, signal })
  const lacks = namesMoment(only) ? [] : await lacksForPassthrough()
  const [lack] = lacks
  // A kill at an operation is made again there, or not at all.
  if (asksForPoints(options) && lack !== undefined) {
    const asked = only === null ? 'every point' : `case ${only}`
    throw missing(`${asked} is a kill at an operation, and operations are seen with`, lack)
  }
  const seesOperations = !namesMoment(only) && lacks.length === 0
  const killed = seesOperations
    ? await atOperationsOrMoments(root, options)
    : { ...(await atMoments(root, options)), remark: remarkOn(lacks) }
  const { results, problems, points, contents, remark } = killed
  const count = (verdict: MomentResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length
  return {
    cases: results.length,
    of: points,
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
    distinct: contents,
    problems,
    controls,
    remark,
  }
}

/** Why it killed at moments and not at operations, in a sentence; null where that was asked for. */
function remarkOn(lacks: Awaited<ReturnType<typeof lacksForPassthrough>>): string | null {
  if (lacks.length === 0) return null
  const needs = lacks.map(({ what, remedy }) => `${what} (${remedy})`).join('; and ')
  return `it was killed at moments, since seeing its operations needs ${needs}`
}

/**
 * Kills a subject at its operations, or at moments of the plan's where they can't be seen; in a volume of its own or in
 * a folder.
 */
export const describedKillTier: Tier = {
  name: 'kill',
  title: 'SIGKILL',
  lacks: async (place) => lacksForPlace(place),
  run: (options) => inPlace(options, 'kill', (root) => runIn(root, options)),
}
