import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { payloadsOf } from '../plan/workload.ts'
import { CAN_MOUNT, fill, makeReadOnly, smallVolume } from '../testing/small-volume.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { Fault } from './faults/index.ts'
import type { Iteration, IterationResult } from './iteration.ts'
import { iterationsOfPlan } from './iterations-of-plan.ts'
import { Lanes, type LanesOptions } from './lanes.ts'

const NEEDS_MOUNT = 'needs root on Linux, to mount a tmpfs'
const IS_ROOT = process.getuid?.() === 0

/** Entries of which several are longer than a page. */
const WORKLOAD = { seed: 1, stream: 1, entries: 10 }

function killed(number: number): Iteration {
  const point = { moment: 'before', number, name: '' } as const
  const fault: Fault = { kind: 'kill', process: 'writer', point }
  return { iteration: 1, workload: WORKLOAD, faults: [fault] }
}

async function runAll(
  root: string,
  iterations: Iteration[],
  options: Partial<LanesOptions> = {},
): Promise<IterationResult[]> {
  const lanes = new Lanes({ subject: 'wal', root, home: HOME, ...options })
  onTestFinished(() => lanes.stop())
  return await lanes.runAll(iterations)
}

describe.skipIf(!CAN_MOUNT)(`a volume that fills up (${NEEDS_MOUNT})`, () => {
  test('under the writer is inconclusive, and the reason names the machine', async () => {
    expect(
      Math.max(...payloadsOf(WORKLOAD).map((each) => JSON.stringify(each).length)),
    ).toBeGreaterThan(4096)
    const [result] = await runAll(smallVolume(4), [killed(9999)])
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false, failures: [] })
    expect(result?.acked).toBeGreaterThan(0)
    expect(result?.reason).toMatch(
      /^the writer was not killed at its point: the machine failed: DISK_FAILED: .*ENOSPC/,
    )
  })

  test('under recovery alone is inconclusive, and the reason names the machine', async () => {
    const root = smallVolume(16)
    const [result] = await runAll(root, [killed(1)], { onFaulted: () => fill(root) })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: true, failures: [] })
    expect(result?.reason).toMatch(/^in recovery, the machine failed: DISK_FAILED: .*ENOSPC/)
  })

  test('before the damage is inconclusive, and the reason names the machine', async () => {
    const root = smallVolume(1)
    const faults: Fault[] = [{ kind: 'phantom', shape: 'zeros' }]
    const [result] = await runAll(root, [{ iteration: 1, workload: WORKLOAD, faults }])
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false, failures: [] })
    expect(result?.reason).toMatch(/^the writer did not finish: the machine failed: .*ENOSPC/)
  })

  test.each([1, 2, 3, 4, 6, 8])(
    'of %i pages never makes a planned iteration fail',
    async (pages) => {
      const root = smallVolume(pages)
      const results = await runAll(root, iterationsOfPlan(pages, 1, 15))
      expect(results.filter(({ verdict }) => verdict === 'fail')).toEqual([])
      const stopped = results.filter(({ verdict }) => verdict === 'inconclusive')
      if (pages <= 4) expect(stopped.length).toBeGreaterThan(0)
      for (const { reason } of stopped) expect(reason).toMatch(/the machine failed: .*ENOSPC/)
    },
  )
})

describe.skipIf(!CAN_MOUNT)(`a volume that becomes read-only (${NEEDS_MOUNT})`, () => {
  test('before the iteration is inconclusive, and the reason names the machine', async () => {
    const root = smallVolume(16)
    makeReadOnly(root)
    const [result] = await runAll(root, [killed(1)])
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false, failures: [] })
    expect(result?.reason).toMatch(/^the machine failed: EROFS/)
  })

  test('under recovery is inconclusive, though the directory can’t be removed', async () => {
    const root = smallVolume(16)
    const [result] = await runAll(root, [killed(1)], { onFaulted: () => makeReadOnly(root) })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: true, failures: [] })
    expect(result?.reason).toMatch(/^in recovery, the machine failed: DISK_FAILED: .*EROFS/)
  })
})

test.skipIf(IS_ROOT)(
  'a directory that can’t be written is inconclusive (needs a user other than root)',
  async () => {
    const root = temporaryDirectory()
    writeFileSync(join(root, 'kept'), '')
    chmodSync(root, 0o555)
    onTestFinished(() => chmodSync(root, 0o755))
    const [result] = await runAll(root, [killed(1)])
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false, failures: [] })
    expect(result?.reason).toMatch(/^the machine failed: EACCES/)
  },
)
