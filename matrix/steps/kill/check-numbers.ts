import type { ReadFiles } from '../../evidence/read-files.ts'
import { isInShard } from '../../shard.ts'

const OTHERS = 'its iterations are not those that were asked for'

/** The shards of which a run that did not pass has no iteration: their kills could not be made. */
function unmadeShards({ run, iterations }: ReadFiles): Set<number> {
  const of = run.shards.length
  if (run.verdict === 'pass' || of === 0) return new Set()
  const made = new Set(iterations.map(({ iteration }) => (iteration - 1) % of))
  return new Set(run.shards.map((_, at) => at).filter((at) => !made.has(at)))
}

/**
 * A run has the iterations from 1 on, or its shard's share of them, each once and in order. `due` is
 * how many they are in all. A merged one that did not pass may lack the whole share of a shard which
 * could not make any. No number that was read is counted up to: at most one step an iteration or shard.
 */
export function iterationNumbersProblem(files: ReadFiles, due: number): string | null {
  const { run, iterations } = files
  const numbers = iterations.map(({ iteration }) => iteration)
  const stranger = numbers.find((number) => !isInShard(number, run.shard))
  if (stranger !== undefined) return `iteration ${stranger} is not of its shard`
  const unordered = numbers.find((number, index) => number <= (numbers[index - 1] ?? 0))
  if (unordered !== undefined) return `iteration ${unordered} stands twice or out of order`
  const last = numbers.at(-1)
  if (last === undefined) return null
  const { index: first, of: step } = run.shard ?? { index: 1, of: 1 }
  const unmade = unmadeShards(files)
  const madeFrom = (number: number): number => {
    let next = number
    while (unmade.has((next - 1) % run.shards.length)) next += 1
    return next
  }
  let next = madeFrom(first)
  for (const number of numbers) {
    if (number !== next) return `${OTHERS}: iteration ${next} is not there`
    next = madeFrom(next + step)
  }
  if (last > due) return `${OTHERS}: it has iteration ${last}, and ${due} were asked for`
  return next > due ? null : `${OTHERS}: it has none after iteration ${last} of ${due}`
}
