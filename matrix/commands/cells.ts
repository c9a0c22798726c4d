import { answer, answerJson } from '../answer.ts'
import { Table } from '../bundled/table.ts'
import { type CellJob, cellJobs } from '../cell-jobs.ts'
import { EXIT } from '../exit-code.ts'
import { PLAIN_TABLE } from '../plain-table.ts'
import { MAX_SHARDS } from '../shard.ts'
import { command, flag, value, valueOr } from './command.ts'
import { architectures, count, fileSystems } from './values.ts'

function render(jobs: CellJob[]): string {
  const table = new Table({
    ...PLAIN_TABLE,
    head: ['cell', 'status', 'runner', 'emulated', 'shard'],
  })
  for (const { arch, fs, status, runner, emulated, shard } of jobs) {
    table.push([`${arch}/${fs}`, status, runner, emulated ? 'yes' : 'no', shard])
  }
  return table.toString()
}

/** `pullplug cells`. */
export const cells = command({
  options: {
    arch: value(architectures, 'only these architectures, with commas'),
    fs: value(fileSystems, 'only these file systems, with commas'),
    shards: valueOr(
      '1',
      count('The number of shards', MAX_SHARDS),
      'into how many shards each run is dealt',
    ),
    json: flag('a list for matrix.include of GitHub Actions'),
  },
  notes: 'Each is a job: pullplug matrix --arch ARCH --fs FS --shard SHARD on a machine RUNNER.',
  examples: [
    ['pullplug cells'],
    ['pullplug cells --arch amd64,arm64 --shards 4 --json'],
    ['echo "cells=$(pullplug cells --shards 2 --json)" >> "$GITHUB_OUTPUT"'],
  ],
  makesThings: false,
  async run({ arch, fs, shards, json }) {
    const jobs = cellJobs(
      shards,
      (cell) => arch?.includes(cell.arch) !== false && fs?.includes(cell.fileSystem) !== false,
    )
    if (json) await answerJson(jobs)
    else await answer(render(jobs))
    return EXIT.pass
  },
})
