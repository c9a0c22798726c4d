import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { leavePhantom } from '../../subjects/wal/damage.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { isVictim, onChildStart, stillRunning, watchChildren } from '../testing/children.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { iterationsAtEveryPoint } from './every-point.ts'
import { faultsInWords } from './faults/index.ts'
import type { Iteration } from './iteration.ts'
import { Lanes } from './lanes.ts'

const WORKLOAD = { seed: 0, stream: 0, entries: 2 }
const OPTIONS = { home: HOME, subject: 'wal', timeoutMs: 60_000 }

/** What a process was doing at its points, and the moments there. */
function covered(iterations: Iteration[], process: 'writer' | 'recovery'): string[] {
  const kills = iterations.flatMap(({ faults }) => faults.at(-1) ?? [])
  const points = kills.flatMap((fault) =>
    fault.kind === 'kill' && fault.process === process && 'name' in fault.point
      ? [`${fault.point.moment} ${fault.point.name}`]
      : [],
  )
  return [...new Set(points)]
}

test('our log passes at every point of open, append and recovery', async () => {
  const root = temporaryDirectory()
  const scratch = join(root, 'counting')
  const iterations = await iterationsAtEveryPoint(WORKLOAD, scratch, OPTIONS)
  expect(existsSync(scratch)).toBe(false)
  for (const moment of ['before', 'after']) {
    expect(covered(iterations, 'writer')).toEqual(
      expect.arrayContaining([
        `${moment} open: wal-open`,
        `${moment} open: directory-sync`,
        `${moment} append 1: wal-sync`,
        `${moment} append 2: safe-seq-tmp-rename`,
      ]),
    )
    expect(covered(iterations, 'recovery')).toEqual(
      expect.arrayContaining([
        `${moment} open: wal-truncate`,
        `${moment} open: directory-sync`,
        `${moment} open: cut-tmp-write`,
        `${moment} open: cut-tmp-rename`,
      ]),
    )
  }
  expect(covered(iterations, 'writer')).toContain('within append 2: wal-write')
  expect(covered(iterations, 'recovery')).toContain('within open: cut-tmp-write')

  const kept: Record<string, Record<string, Buffer>> = {}
  const onJudged = (directory: string): void => {
    const names = readdirSync(directory).filter((name) => name.includes('.cut'))
    kept[basename(directory)] = Object.fromEntries(
      names.map((name) => [name, readFileSync(join(directory, name))]),
    )
  }
  const damaged = temporaryDirectory()
  leavePhantom(damaged, 'frames', WORKLOAD.entries)
  const toBeKept = readFileSync(join(damaged, 'telemetry.wal'))
  const lanes = new Lanes({ ...OPTIONS, root, onJudged })
  onTestFinished(() => lanes.stop())
  const results = await lanes.runAll(iterations)
  const others = results.filter(({ verdict }) => verdict !== 'pass')
  expect(
    others.map(({ faults, reason, failures }) => [faultsInWords(faults), reason, failures]),
  ).toEqual([])
  expect(results).toHaveLength(iterations.length)
  // However a recovery died, what it had to keep was kept once and whole, and nothing else was.
  for (const { iteration, faults } of iterations) {
    const [first] = faults
    const keeps = first?.kind === 'phantom'
    expect([faults, kept[`iteration-${iteration}`]]).toEqual([
      faults,
      keeps ? { [`telemetry.wal.cut-${WORKLOAD.entries}`]: toBeKept } : {},
    ])
  }
})

test('the iterations are the same whenever they are counted', async () => {
  const count = () => iterationsAtEveryPoint(WORKLOAD, join(temporaryDirectory(), 'x'), OPTIONS)
  expect(await count()).toEqual(await count())
})

test('a crash that could not be brought about is not counted from', async () => {
  const scratch = join(temporaryDirectory(), 'counting')
  const children = watchChildren()
  onChildStart((child) => children.filter(isVictim).length === 3 && child.kill('SIGKILL'))
  const counted = iterationsAtEveryPoint(WORKLOAD, scratch, OPTIONS)
  await expect(counted).rejects.toThrow(CannotJudge)
  await expect(counted).rejects.toThrow(
    /^the writer was not killed at its point: it ended by SIGKILL/,
  )
  expect(existsSync(scratch)).toBe(false)
  expect(stillRunning(children)).toEqual([])
})
