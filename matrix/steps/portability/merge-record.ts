import type { PortabilityRecord } from '../../evidence/types.ts'
import { mergeControls } from '../merge-controls.ts'
import { worstOf } from '../worst.ts'

type Digest = keyof PortabilityRecord['digests']

/**
 * The `portability.json` of a run from those of its shards (null where there is none): the digests of the
 * first, and each pair and control as it fared in the shard where it fared worst.
 */
export function mergePortability(
  records: readonly (PortabilityRecord | null)[],
): PortabilityRecord | null {
  const there = records.filter((record) => record !== null)
  const [first] = there
  if (first === undefined) return null
  const all = there.flatMap(({ pairs }) => pairs)
  const name = ({ writer, recoverer }: (typeof all)[number]): string => `${writer}/${recoverer}`
  const pairs = [...new Set(all.map(name))].map((pair) =>
    worstOf(all.filter((each) => name(each) === pair)),
  )
  return { ...first, pairs, controls: mergeControls(there.map(({ controls }) => controls)) }
}

/** The first digest in which two shards differ, in a sentence; null when there is none. */
export function differingDigest(records: readonly (PortabilityRecord | null)[]): string | null {
  const shards = records.flatMap((record, at) =>
    record === null ? [] : { digests: record.digests, shard: `${at + 1}/${records.length}` },
  )
  const [first, ...rest] = shards
  if (first === undefined) return null
  for (const digest of Object.keys(first.digests) as Digest[]) {
    const other = rest.find(({ digests }) => digests[digest] !== first.digests[digest])
    if (other === undefined) continue
    const [here, there] = [first, other].map((each) => each.digests[digest].slice(0, 12))
    return `its ${digest} digest is ${here} in shard ${first.shard} and ${there} in shard ${other.shard}`
  }
  return null
}
