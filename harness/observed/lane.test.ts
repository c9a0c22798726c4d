import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import { planKilledHistory } from '../plan/killed-history.ts'
import { moduleSubject } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { OperationLane } from './lane.ts'

const lacking = await lacksForPassthrough()
const testLane = test.skipIf(lacking.length > 0)
const NEEDS = lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; ')})` : ''

/** A lane of a log in one file that does something more when it has read, as a recovery does and a history does not. */
async function laneOf(behindRead: string): Promise<OperationLane> {
  const source = `
import fs from 'node:fs'
import { spawn } from 'node:child_process'
import { Worker } from 'node:worker_threads'
const WRITES_ON = \`
  const { appendFileSync } = require('node:fs')
  const path = require('node:worker_threads').workerData + '/late'
  setInterval(() => { try { appendFileSync(path, 'x') } catch {} }, 2)\`
export function open(directory) {
  const path = directory + '/log'
  fs.appendFileSync(path, '')
  const lines = () => fs.readFileSync(path, 'utf8').split('\\n').slice(0, -1).map((line) => JSON.parse(line))
  return {
    append(entry) { fs.appendFileSync(path, JSON.stringify(entry) + '\\n') },
    read() { ${behindRead}; return lines() },
    close() {},
  }
}`
  const subject = moduleSubject(temporaryDirectory(), 'log', source)
  const lane = await OperationLane.create({ subject, folder: temporaryDirectory() })
  onTestFinished(() => lane.remove())
  return lane
}

const PLANNED = planKilledHistory('log', 1, 1)

/** Recovers in a lane, and lets another process play a history there; returns the ids of the processes that recovered. */
async function recoverAndPlay(lane: OperationLane, onBegun = async (): Promise<void> => {}) {
  await lane.prepare(PLANNED)
  await lane.see(lane.talker, { inFull: false })
  const { pid } = await lane.talker.talk()
  await onBegun()
  await lane.prepare(PLANNED)
  const { operations } = await lane.perform(PLANNED, {})
  const left = existsSync(join(lane.backing, 'late'))
  const { pid: next } = await lane.talker.talk()
  return { operations, left, pids: [pid, next] }
}

testLane(`a process that recovers is kept for the next case${NEEDS}`, async () => {
  const { pids } = await recoverAndPlay(await laneOf(''))
  expect(pids[0]).toBe(pids[1])
})

testLane(
  `what a process does behind its recovery it does not do in the next case${NEEDS}`,
  async () => {
    const lane = await laneOf('new Worker(WRITES_ON, { eval: true, workerData: directory })')
    const { operations, left } = await recoverAndPlay(lane, async () => {
      await expect.poll(() => existsSync(join(lane.backing, 'late'))).toBe(true)
    })
    expect(operations.some(({ path }) => path.endsWith('/log'))).toBe(true)
    expect(operations.filter(({ path }) => path.endsWith('/late'))).toEqual([])
    expect(left).toBe(false)
  },
)

testLane.each([
  ['has a child', "spawn('sleep', ['600'], { stdio: 'ignore' })"],
  ['holds a file of the directory open', "fs.openSync(directory + '/log')"],
])(`a process that %s when it has recovered is ended${NEEDS}`, async (_, behindRead) => {
  const { pids } = await recoverAndPlay(await laneOf(behindRead))
  expect(pids[0]).not.toBe(pids[1])
})
