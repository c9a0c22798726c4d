import Table from 'cli-table3'
import { Command } from 'commander'
import { type CellJob, cellJobs } from '../cell-jobs.ts'
import { EXIT } from '../exit-code.ts'
import { PLAIN_TABLE } from '../plain-table.ts'
import { MAX_SHARDS } from '../shard.ts'
import { architectures, count, fileSystems } from './values.ts'

interface CellsOptions {
  arch?: string[]
  fs?: string[]
  shards: number
  json: boolean
}

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
export function cellsCommand(done: (exitCode: number) => void): Command {
  return new Command('cells')
    .description('list the cells that the gate knows, for a job matrix of a CI system')
    .option('--arch <names>', 'only these architectures, with commas', architectures)
    .option('--fs <names>', 'only these file systems, with commas', fileSystems)
    .option(
      '--shards <n>',
      'into how many shards each run is dealt',
      count('The number of shards', MAX_SHARDS),
      1,
    )
    .option('--json', 'a list for matrix.include of GitHub Actions, on stdout', false)
    .addHelpText(
      'after',
      `
Each is a job: pullplug matrix --arch ARCH --fs FS --shard SHARD on a machine RUNNER.

Examples:
  pullplug cells
  pullplug cells --arch amd64,arm64 --shards 4 --json
  echo "cells=$(pullplug cells --shards 2 --json)" >> "$GITHUB_OUTPUT"`,
    )
    .action(({ arch, fs, shards, json }: CellsOptions) => {
      const jobs = cellJobs(
        shards,
        (cell) => arch?.includes(cell.arch) !== false && fs?.includes(cell.fileSystem) !== false,
      )
      if (json) process.stdout.write(`${JSON.stringify(jobs)}\n`)
      else process.stderr.write(`${render(jobs)}\n`)
      done(EXIT.pass)
    })
}
