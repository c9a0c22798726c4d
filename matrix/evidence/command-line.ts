import { shardName } from '../shard.ts'
import type { RunRecord } from './types.ts'

/** The command that runs a run or a shard again. */
export function commandLine({
  cell,
  seed,
  iterations,
  everyPoint,
  subject,
  shard,
}: Pick<RunRecord, 'cell' | 'seed' | 'iterations' | 'everyPoint' | 'subject' | 'shard'>): string {
  const how = everyPoint ? '--every-point' : `--iterations ${iterations}`
  const what = subject === 'wal' ? '' : ` --subject ${subject}`
  const share = shard === null ? '' : ` --shard ${shardName(shard)}`
  return `npx pullplug matrix --arch ${cell.arch} --fs ${cell.fileSystem} --seed ${seed} ${how}${what}${share}`
}
