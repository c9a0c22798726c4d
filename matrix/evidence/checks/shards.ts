import type { RunRecord } from '../types.ts'
import { hostProblem } from './machine.ts'

/** A merged run was one of several shards, which are listed in order. */
export function shardsProblem({
  shard,
  shards,
  host,
  runtime,
  iterations,
}: RunRecord): string | null {
  const [first] = shards
  if (first === undefined) return null
  if (shard !== null) return 'it is a shard and was merged from shards'
  if (!shards.every(({ index }, at) => index === at + 1)) return 'a shard of it is missing'
  if (iterations !== null && shards.length > iterations) {
    return `it says that ${shards.length} shards shared ${iterations} iterations`
  }
  if (new Set(shards.map(({ sums }) => sums)).size < shards.length) {
    return 'two of its shards are one'
  }
  if (JSON.stringify(first.host) !== JSON.stringify(host)) {
    return 'its host is not that of its first shard'
  }
  const emulated = runtime.qemu !== null
  const odd = shards.find(
    (each) =>
      (each.host.arch !== runtime.arch) !== emulated ||
      (!emulated && each.host.node !== runtime.node),
  )
  if (odd !== undefined) return `the host of its shard ${odd.index} cannot have run it`
  for (const shard of shards) {
    const problem = hostProblem(shard.host)
    if (problem !== null) return `of its shard ${shard.index}: ${problem}`
    if (shard.host.platform !== host.platform) return 'its shards ran on different platforms'
  }
  return null
}
