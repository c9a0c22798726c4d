import type { RunRecord } from '../types.ts'

/** A clock is put right by so much while it runs (one part in so many), and durations are rounded. */
const DRIFT = 1000
const ROUNDING_MS = 1000

interface Span {
  startedAt: string
  finishedAt: string
}

const lengthMs = ({ startedAt, finishedAt }: Span): number =>
  Date.parse(finishedAt) - Date.parse(startedAt)

function shardTimesProblem({ startedAt, finishedAt, shards }: RunRecord): string | null {
  if (shards.length === 0) return null
  const backwards = shards.find((shard) => lengthMs(shard) < 0)
  if (backwards !== undefined) return `its shard ${backwards.index} ended before it began`
  const starts = shards.map((shard) => Date.parse(shard.startedAt))
  const ends = shards.map((shard) => Date.parse(shard.finishedAt))
  return Date.parse(startedAt) === Math.min(...starts) &&
    Date.parse(finishedAt) === Math.max(...ends)
    ? null
    : 'it does not last from the start of its first shard to the end of its last'
}

/** What of a run's times is out of order, or longer than the whole. */
export function timesProblem(run: RunRecord): string | null {
  if (lengthMs(run) < 0) return 'it ended before it began'
  const shards = shardTimesProblem(run)
  if (shards !== null) return shards
  const spans: Span[] = run.shards.length === 0 ? [run] : run.shards
  const allMs = spans.reduce((sum, span) => sum + lengthMs(span), 0)
  const stepsMs = run.steps.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return stepsMs <= allMs + allMs / DRIFT + ROUNDING_MS
    ? null
    : `its steps took ${stepsMs} ms of the ${allMs} ms that it lasted`
}
