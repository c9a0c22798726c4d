import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Point } from '../../disk-subject/point.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import { type KilledHistory, planKilledHistory, shuffledBy } from '../../plan/killed-history.ts'
import { makeDirectories } from '../../process/make-directories.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { killAtOperation, type OperationResult } from './kill-at-operation.ts'
import { OperationLane } from './lane.ts'
import { pointsAt } from './points.ts'

export interface OperationCampaignOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for these kills alone. */
  root: string
  /** Until so many milliseconds have gone, or the points of these names alone. */
  extent: { forMs: number } | { names: readonly string[] }
  signal?: AbortSignal | undefined
  onResult?: (result: NamedResult) => void
}

/** A kill, and the name by which it is made again: the history and the point in it, such as `1.12`. */
export interface NamedResult extends OperationResult {
  name: string
  /** The point as it was counted. */
  counted: Point
}

export interface OperationCampaign {
  results: NamedResult[]
  /** How many points the histories have at which it killed. */
  points: number
}

/** However short the time is, so many kills are made. */
const LEAST_KILLS = 12

/** Lanes side by side, each with a directory of its own. */
async function makeLanes(options: OperationCampaignOptions): Promise<OperationLane[]> {
  const { subject, root, signal } = options
  const lanes: OperationLane[] = []
  try {
    for (let lane = 1; lane <= availableParallelism() + 1; lane++) {
      const folder = join(root, `lane-${lane}`)
      makeDirectories(folder)
      lanes.push(await OperationLane.create({ subject, folder, signal }))
    }
    return lanes
  } catch (error) {
    await removeAll(lanes)
    throw error
  }
}

async function removeAll(lanes: readonly OperationLane[]): Promise<void> {
  const removals = await Promise.allSettled(lanes.map((lane) => lane.remove()))
  for (const each of removals) if (each.status === 'rejected') throw each.reason
}

/** The points of a history by their names. Throws `CannotJudge` where it can't be counted. */
async function namedPoints(
  lane: OperationLane,
  planned: KilledHistory,
): Promise<{ name: string; point: Point }[]> {
  const { operations, problem } = await lane.count(planned)
  if (problem !== null) throw new CannotJudge(`without any fault, ${problem}`)
  if (operations.length === 0) throw new CannotJudge('it makes no operation in its directory')
  return pointsAt(operations).map((point, at) => ({ name: `${planned.round}.${at + 1}`, point }))
}

/** Before and within first, which differ in what is on the disk; each group in an order that the seed means. */
function inOrder<T extends { point: Point }>(seed: number, points: readonly T[]): T[] {
  const isAfter = ({ point }: T): boolean => point.moment === 'after'
  return [
    ...shuffledBy(
      seed,
      points.filter((each) => !isAfter(each)),
    ),
    ...shuffledBy(seed, points.filter(isAfter)),
  ]
}

/** Every lane takes one thing after another until `work` says that it is enough. */
async function onAllLanes(
  lanes: readonly OperationLane[],
  work: (lane: OperationLane) => Promise<'more' | 'enough'>,
): Promise<void> {
  let enough = false
  const one = async (lane: OperationLane): Promise<void> => {
    try {
      while (!enough) if ((await work(lane)) === 'enough') return
    } catch (error) {
      enough = true
      throw error
    }
  }
  for (const each of await Promise.allSettled(lanes.map(one))) {
    if (each.status === 'rejected') throw each.reason
  }
}

/**
 * Kills a subject at one operation after another: of a short history, then of the next ones, as long as there is time.
 * Returns the results in the order in which they were begun. Throws `CannotJudge` where the subject can't play a
 * history without a fault, or leaves its directory, and as `killAtOperation`.
 */
export async function killAtOperations(
  options: OperationCampaignOptions,
): Promise<OperationCampaign> {
  const { subject, seed, extent, onResult = () => {} } = options
  const untilMs = 'forMs' in extent ? performance.now() + extent.forMs : Number.POSITIVE_INFINITY
  const campaign: OperationCampaign = { results: [], points: 0 }
  const isOver = (): boolean =>
    performance.now() >= untilMs && campaign.results.length >= LEAST_KILLS
  const rounds =
    'names' in extent ? new Set(extent.names.map((each) => Number(each.split('.')[0]))) : null
  const lanes = await makeLanes(options)
  const killIn = async (round: number): Promise<void> => {
    const planned = planKilledHistory(subject.description.kind, seed, round)
    const all = await namedPoints(lanes[0] as OperationLane, planned)
    campaign.points += all.length
    const due =
      'names' in extent ? all.filter(({ name }) => extent.names.includes(name)) : inOrder(seed, all)
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
    if (rounds !== null) for (const round of rounds) await killIn(round)
    else for (let round = 1; !isOver(); round++) await killIn(round)
    return campaign
  } finally {
    await removeAll(lanes)
  }
}
