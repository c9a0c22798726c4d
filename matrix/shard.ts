/** A deterministic share of a run's iterations. */
export interface Shard {
  /** Counted from 1. */
  index: number
  of: number
}

/** Into how many shards a run can be dealt. */
export const MAX_SHARDS = 100

/** How often a cell can run: the largest N of `run-N`. */
export const MAX_RUNS = 1000

/** A shard as people write it, such as `2/3`. */
export const shardName = ({ index, of }: Shard): string => `${index}/${of}`

/** Whether an iteration (counted from 1) is of a shard: they are dealt out in turn. Null is all of them. */
export function isInShard(iteration: number, shard: Shard | null): boolean {
  return shard === null || (iteration - 1) % shard.of === shard.index - 1
}

/** The name of a run's folder, such as `run-2`, or `run-2-shard-1-of-3`. */
export function runName(run: number, shard: Shard | null): string {
  return `run-${run}${shard === null ? '' : `-shard-${shard.index}-of-${shard.of}`}`
}

/** What a folder of that name holds, a run or a shard of one; null for a name that `runName` does not give. */
export function parseRunName(name: string): { run: number; shard: Shard | null } | null {
  const [whole, ...digits] = /^run-(\d{1,4})(?:-shard-(\d{1,4})-of-(\d{1,4}))?$/.exec(name) ?? []
  const [run = 0, index = 1, of = 1] = digits.map((each) => Number(each ?? 1))
  if (run < 1 || run > MAX_RUNS || index < 1 || index > of || of > MAX_SHARDS) return null
  const shard = digits[1] === undefined ? null : { index, of }
  return whole === runName(run, shard) ? { run, shard } : null
}
