import { CELLS, type Cell } from './cells.ts'
import type { CellStatus } from './evidence/types.ts'
import { type Shard, shardName } from './shard.ts'

/** What one job of a job matrix runs, as `matrix.include` of GitHub Actions takes it. */
export interface CellJob {
  arch: string
  fs: string
  status: CellStatus
  /** The label of the machine. */
  runner: string
  /** Whether that machine is of another architecture than the cell. */
  emulated: boolean
  /** The share of the run, such as `1/2`. */
  shard: string
}

/** The machines of GitHub, by the architecture that they are of. */
const RUNNERS: Readonly<Record<string, string>> = {
  amd64: 'ubuntu-24.04',
  arm64: 'ubuntu-24.04-arm',
}
const RUNNER_OF_THE_REST = 'ubuntu-24.04'

/** A job for each shard of each cell that the gate knows, of those that `wanted` lets through. */
export function cellJobs(shards: number, wanted: (cell: Cell) => boolean): CellJob[] {
  return CELLS.filter(wanted).flatMap(({ arch, fileSystem, status }) =>
    Array.from({ length: shards }, (_, at): Shard => ({ index: at + 1, of: shards })).map(
      (shard) => ({
        arch,
        fs: fileSystem,
        status,
        runner: RUNNERS[arch] ?? RUNNER_OF_THE_REST,
        emulated: RUNNERS[arch] === undefined,
        shard: shardName(shard),
      }),
    ),
  )
}
