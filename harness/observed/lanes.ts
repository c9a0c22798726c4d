import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { makeDirectories } from '../process/make-directories.ts'
import { type LaneOptions, OperationLane } from './lane.ts'

/** Makes lanes side by side, each with a directory of its own in `root`. Throws as `OperationLane.create`. */
export async function makeLanes(
  root: string,
  options: Omit<LaneOptions, 'folder'>,
): Promise<OperationLane[]> {
  const lanes: OperationLane[] = []
  try {
    for (let lane = 1; lane <= availableParallelism() + 1; lane++) {
      const folder = join(root, `lane-${lane}`)
      makeDirectories(folder)
      lanes.push(await OperationLane.create({ ...options, folder }))
    }
    return lanes
  } catch (error) {
    await removeLanes(lanes)
    throw error
  }
}

/** Undoes them all, and throws the first reason why one could not be. */
export async function removeLanes(lanes: readonly OperationLane[]): Promise<void> {
  const removals = await Promise.allSettled(lanes.map((lane) => lane.remove()))
  for (const each of removals) if (each.status === 'rejected') throw each.reason
}

/** Every lane takes one thing after another until `work` says that it is enough. */
export async function onAllLanes(
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
