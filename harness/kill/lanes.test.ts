import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { MachineError } from '../process/machine-error.ts'
import { isVictim, stillRunning, watchChildren } from '../testing/children.ts'
import { makeOpeningHang } from '../testing/hang.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { Iteration } from './iteration.ts'
import { iterationsOfPlan } from './iterations-of-plan.ts'
import { Lanes, type LanesOptions } from './lanes.ts'

function lanesIn(root: string, options: Partial<LanesOptions> = {}): Lanes {
  const lanes = new Lanes({ subject: 'wal', root, home: HOME, ...options })
  onTestFinished(() => lanes.stop())
  return lanes
}

test('a plan’s iterations pass on our log, in their own order, and leave nothing behind', async () => {
  const root = temporaryDirectory()
  const children = watchChildren()
  const lanes = lanesIn(root)
  const told: number[] = []
  const iterations = iterationsOfPlan(42, 1, 20)
  const results = await lanes.runAll(iterations, ({ iteration }) => told.push(iteration))
  await lanes.stop()
  expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  expect(results.map(({ iteration }) => iteration)).toEqual(
    iterations.map((each) => each.iteration),
  )
  expect(told.toSorted((a, b) => a - b)).toEqual(results.map(({ iteration }) => iteration))
  expect(readdirSync(root)).toEqual([])
  expect(stillRunning(children)).toEqual([])
})

test('the same seed gives the same results, whatever runs beside it', async () => {
  const iterations = iterationsOfPlan(7, 1, 12)
  const alone = await lanesIn(temporaryDirectory(), { lanes: 1 }).runAll(iterations)
  const beside = await lanesIn(temporaryDirectory(), { lanes: 4 }).runAll(iterations.toReversed())
  const without = (result: unknown): unknown =>
    JSON.parse(JSON.stringify(result, (key, value) => (key === 'records' ? undefined : value)))
  expect(beside.toReversed().map(without)).toEqual(alone.map(without))
})

test('no more processes are started at once than there are lanes, and their kept processes', async () => {
  const children = watchChildren()
  let most = 0
  const running = (): number => stillRunning(children.filter(isVictim)).length
  const lanes = lanesIn(temporaryDirectory(), {
    lanes: 2,
    onFaulted: () => {
      most = Math.max(most, running())
    },
  })
  await lanes.runAll(iterationsOfPlan(3, 1, 10))
  expect(most).toBeLessThanOrEqual(2)
  expect(children.filter((child) => !isVictim(child)).length).toBeLessThanOrEqual(4)
})

test('an iteration’s directory can be looked at as the faults left it and as it was judged', async () => {
  const root = temporaryDirectory()
  const looked: string[] = []
  const lanes = lanesIn(root, {
    onFaulted: (directory) => looked.push(`faulted ${readdirSync(directory).length > 0}`),
    onJudged: (directory) => looked.push(`judged ${readdirSync(directory).length > 0}`),
  })
  await lanes.runAll(iterationsOfPlan(42, 1, 1))
  expect(looked).toEqual(['faulted true', 'judged true'])
})

test('aborting in the middle throws the reason and ends every child', async () => {
  const root = temporaryDirectory()
  const children = watchChildren()
  const abort = new AbortController()
  const lanes = lanesIn(root, { signal: abort.signal })
  const ran = lanes.runAll(iterationsOfPlan(42, 1, 50), () => abort.abort(new Error('enough')))
  await expect(ran).rejects.toThrow('enough')
  await lanes.stop()
  const started = children.length
  expect(started).toBeLessThan(60)
  expect(stillRunning(children)).toEqual([])
  expect(readdirSync(root)).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(children).toHaveLength(started)
})

test('aborting while a recovery hangs ends it at once', async () => {
  const children = watchChildren()
  const abort = new AbortController()
  const lanes = lanesIn(temporaryDirectory(), {
    lanes: 1,
    signal: abort.signal,
    onFaulted: (directory) => {
      makeOpeningHang(directory)
      setTimeout(() => abort.abort(new Error('enough')), 200)
    },
  })
  await expect(lanes.runAll(iterationsOfPlan(42, 1, 2))).rejects.toThrow('enough')
  await lanes.stop()
  expect(stillRunning(children)).toEqual([])
})

test('stopping after one iteration broke ends the others, and nothing is started after it', async () => {
  const root = temporaryDirectory()
  mkdirSync(join(root, 'iteration-1'))
  writeFileSync(join(root, 'iteration-1', 'not-ours'), '')
  const children = watchChildren()
  const lanes = lanesIn(root, { lanes: 3 })
  await expect(lanes.runAll(iterationsOfPlan(42, 1, 20))).rejects.toThrow(MachineError)
  await lanes.stop()
  const started = children.length
  expect(stillRunning(children)).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(children).toHaveLength(started)
  await expect(lanes.run(iterationsOfPlan(42, 2, 2)[0] as Iteration)).rejects.toThrow('abort')
  expect(children).toHaveLength(started)
})
