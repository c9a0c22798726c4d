import { expect, test } from 'vitest'
import { cellJobs } from './cell-jobs.ts'
import { CELLS } from './cells.ts'

test('each cell that the gate knows is a job for each of its shards', () => {
  const jobs = cellJobs(2, () => true)
  expect(jobs.length).toBe(2 * CELLS.length)
  expect(jobs.slice(0, 2).map(({ shard }) => shard)).toEqual(['1/2', '2/2'])
})

test('a cell runs on a machine of its architecture where there is one, and is emulated elsewhere', () => {
  const jobs = cellJobs(1, ({ fileSystem }) => fileSystem === 'ext4')
  expect(jobs.map(({ arch, runner, emulated }) => ({ arch, runner, emulated }))).toEqual([
    { arch: 'amd64', runner: 'ubuntu-24.04', emulated: false },
    { arch: 'arm64', runner: 'ubuntu-24.04-arm', emulated: false },
    { arch: 'riscv64', runner: 'ubuntu-24.04', emulated: true },
    { arch: 's390x', runner: 'ubuntu-24.04', emulated: true },
  ])
})
