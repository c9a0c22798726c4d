import { join } from 'node:path'
import type { CountedOperation } from '../../observed/counted-operation.ts'
import type { Count, OperationLane } from '../../observed/lane.ts'
import { makeLanes, onAllLanes, removeLanes } from '../../observed/lanes.ts'
import type { SilentChanges } from '../../observed/silent-changes.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import { planKilledPart, planOperationKill, shuffledBy } from '../../plan/killed-history.ts'
import { type HistoryPart, partName, partsOf } from '../../plan/part-of-history.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { CannotPlayWhereSeen, playsInFolder } from './cannot-play.ts'
import { killAtOperation, NOT_KILLED, type OperationResult } from './kill-at-operation.ts'
import { type OperationPoint, pointName, pointOf, pointsAt } from './points.ts'

/** At which points a subject is killed. */
export type OperationExtent =
  | { forMs: number }
  | { everyPointOf: number }
  | { names: readonly string[] }
  | { numbers: readonly number[] }

export interface OperationCampaignOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for these kills alone. */
  root: string
  /** Until so many milliseconds have gone; every point of one history; the points of these names alone; or what the seed means by these numbers. */
  extent: OperationExtent
  signal?: AbortSignal | undefined
  /** Once it says so, no further kill is made. */
  isEnough?: (() => boolean) | undefined
  onResult?: (result: NamedResult) => void
}

/** A kill, and the name by which it is made again: the history and the point in it, such as `1.12b`, or its number. */
export interface NamedResult extends OperationResult {
  name: string
  /** The point as it was counted. */
  counted: OperationPoint
}

export interface OperationCampaign {
  results: NamedResult[]
  /** How many points the histories have at which it killed. */
  points: number
  /** Of the changes of these histories: those that were acknowledged without any operation in the directory. */
  silent: SilentChanges
}

/** However short the time is, so many kills are made. */
const LEAST_KILLS = 12

interface NamedPoint {
  name: string
  point: OperationPoint
}

/** Counts a history. Throws `CannotJudge` where it can't be counted. */
async function count(
  { subject, root, signal }: OperationCampaignOptions,
  lane: OperationLane,
  planned: PlannedHistory,
): Promise<Count> {
  const counted = await lane.count(planned)
  const { operations, problem } = counted
  if (problem === null) {
    if (operations.length > 0) return counted
    throw new CannotJudge('without any fault, it makes no operation in its directory')
  }
  const reason = `without any fault, ${problem}`
  const folder = join(root, 'without-any-fault')
  if (!(await playsInFolder(subject, planned, folder, signal))) throw new CannotJudge(reason)
  throw new CannotPlayWhereSeen(reason)
}

/** Before and within first, which differ in what is on the disk; each group in an order that the seed means. */
function inOrder(seed: number, points: readonly NamedPoint[]): NamedPoint[] {
  const isAfter = ({ point }: NamedPoint): boolean => point.moment === 'after'
  const onDisk = points.filter((each) => !isAfter(each))
  return [...shuffledBy(seed, onDisk), ...shuffledBy(seed, points.filter(isAfter))]
}

/** The name of the case that kills at a point of a history. */
export function caseAt(part: HistoryPart, point: OperationPoint): string {
  return `${partName(part)}.${pointName(point)}`
}

/** At which points of a history it is to be killed. */
function pointsDue(
  extent: OperationExtent,
  seed: number,
  part: HistoryPart,
  operations: readonly CountedOperation[],
): NamedPoint[] {
  if ('numbers' in extent) {
    const planned = extent.numbers.map((number) => planOperationKill(seed, number))
    return planned
      .filter((each) => each.round === part.round)
      .map(({ iteration, point }) => ({
        name: String(iteration),
        point: pointOf(point, operations) as OperationPoint,
      }))
  }
  const all = pointsAt(operations).map((point) => ({ name: caseAt(part, point), point }))
  return 'names' in extent
    ? all.filter(({ name }) => extent.names.includes(name))
    : inOrder(seed, all)
}

/** The histories that are needed, in order; without end where there is time. */
function* historiesOf(
  extent: OperationExtent,
  seed: number,
  isOver: () => boolean,
): Generator<HistoryPart> {
  if ('forMs' in extent) {
    for (let round = 1; !isOver(); round++) yield { round, range: null }
    return
  }
  if ('everyPointOf' in extent) {
    yield { round: extent.everyPointOf, range: null }
    return
  }
  if ('names' in extent) {
    yield* partsOf(extent.names)
    return
  }
  const rounds = extent.numbers.map((number) => planOperationKill(seed, number).round)
  for (const round of [...new Set(rounds)].sort((a, b) => a - b)) yield { round, range: null }
}

/**
 * Kills a subject at one operation after another: of a short history, then of the next ones, as long as there is time.
 * Returns the results in the order in which they ended. A later history that the subject can't play without a fault has
 * results that are inconclusive; where it is the first one, throws `CannotJudge`, which is `CannotPlayWhereSeen` where it
 * plays it in a plain folder. Throws as `killAtOperation`.
 */
export async function killAtOperations(
  options: OperationCampaignOptions,
): Promise<OperationCampaign> {
  const { subject, seed, extent, onResult = () => {} } = options
  const untilMs = 'forMs' in extent ? performance.now() + extent.forMs : Number.POSITIVE_INFINITY
  const silent = { changes: 0, silent: 0 }
  const campaign: OperationCampaign = { results: [], points: 0, silent }
  let stopped = false
  const isOver = (): boolean =>
    stopped ||
    options.isEnough?.() === true ||
    (performance.now() >= untilMs && campaign.results.length >= LEAST_KILLS)
  const lanes = await makeLanes(options.root, { subject, signal: options.signal })
  /** What was found until then stays; the history can't be judged. */
  const notCounted = (round: number, error: unknown): void => {
    if (!(error instanceof CannotJudge) || campaign.results.length === 0) throw error
    const { message: reason } = error
    const names =
      'numbers' in extent
        ? extent.numbers.filter((number) => planOperationKill(seed, number).round === round)
        : [`${round}.1b`]
    for (const name of names) {
      const result = { ...NOT_KILLED, reason, name: String(name), counted: NOT_KILLED.point }
      campaign.results.push(result)
      onResult(result)
    }
    stopped = 'forMs' in extent
  }
  const killIn = async (part: HistoryPart): Promise<void> => {
    const planned = planKilledPart(subject.description.kind, seed, part)
    const counts = await count(options, lanes[0] as OperationLane, planned).catch(
      (error: unknown) => notCounted(part.round, error),
    )
    if (counts === undefined) return
    const { operations } = counts
    silent.changes += counts.silent.changes
    silent.silent += counts.silent.silent
    campaign.points += pointsAt(operations).length
    const due = pointsDue(extent, seed, part, operations)
    await onAllLanes(lanes, async (lane) => {
      const next = isOver() ? undefined : due.shift()
      if (next === undefined) return 'enough'
      const { name, point: counted } = next
      const result = { ...(await killAtOperation(subject, lane, planned, counted)), name, counted }
      campaign.results.push(result)
      onResult(result)
      return 'more'
    })
  }
  try {
    for (const part of historiesOf(extent, seed, isOver)) await killIn(part)
    return campaign
  } finally {
    await removeLanes(lanes)
  }
}
