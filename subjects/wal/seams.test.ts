import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Operation } from '../../harness/disk-subject/operations.ts'
import { traceWriter } from '../../harness/disk-subject/trace.ts'
import { Lanes } from '../../harness/kill/lanes.ts'
import { killAtOperation } from '../../harness/kill/operations/kill-at-operation.ts'
import { OperationLane } from '../../harness/observed/lane.ts'
import { lacksForPassthrough } from '../../harness/passthrough/requirements.ts'
import { payloadsOf } from '../../harness/plan/workload.ts'
import type { Change } from '../../harness/subject/change.ts'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { HOME } from '../home.ts'
import { SAFE_POINT_FIRST } from './controls/broken-disk.ts'
import { describedLog } from './described.ts'

const lacking = await lacksForPassthrough()
const testSeams = test.skipIf(lacking.length > 0)
const NEEDS = lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; ')})` : ''

const WORKLOAD = { seed: 0, stream: 0, entries: 2 }
const MOMENTS = ['before', 'after'] as const

/** What a kill came to, whichever seam it struck at: those acknowledged, those that came back, the verdict. */
type Outcome = [acked: number, recovered: number | null, verdict: string]

/** What a call of the log's `Disk` is to its directory; nothing where it changes nothing there. */
const DIRECTORY_CALL: Record<string, string> = {
  'wal-write': 'write telemetry.wal',
  'wal-sync': 'fsync telemetry.wal',
  'safe-seq-tmp-open': 'create telemetry.safe_seq.tmp',
  'safe-seq-tmp-write': 'write telemetry.safe_seq.tmp',
  'safe-seq-tmp-sync': 'fsync telemetry.safe_seq.tmp',
  'safe-seq-tmp-rename': 'rename telemetry.safe_seq.tmp to telemetry.safe_seq',
  'directory-sync': 'fsyncdir .',
}

/** Opening the log makes it, the first time. */
const directoryCallOf = ({ name, during }: Operation): string | undefined =>
  name === 'wal-open' && during === 'open' ? 'create telemetry.wal' : DIRECTORY_CALL[name]

/** Kills a log by way of its `Disk`, before and after each call that changes its directory. */
async function throughDisk(name: string, only?: string): Promise<Map<string, Outcome>> {
  const root = temporaryDirectory()
  const lanes = new Lanes({ root, subject: name, home: HOME, lanes: 1 })
  onTestFinished(() => lanes.stop())
  const operations = await traceWriter(
    join(root, 'traced'),
    payloadsOf(WORKLOAD),
    lanes.traceOptions,
  )
  const outcomes = new Map<string, Outcome>()
  for (const operation of operations) {
    const call = directoryCallOf(operation)
    if (call === undefined || (only !== undefined && operation.during !== only)) continue
    for (const moment of MOMENTS) {
      const { number, during } = operation
      const point = { moment, number, name: `${during}: ${operation.name}` }
      const { acked, recovered, verdict } = await lanes.run({
        iteration: outcomes.size + 1,
        workload: WORKLOAD,
        faults: [{ kind: 'kill', process: 'writer', point }],
      })
      outcomes.set(`${during}: ${moment} ${call}`, [acked, recovered, verdict])
    }
  }
  return outcomes
}

/** Kills the same log in a directory that is served, before and after each operation. */
async function throughDirectory(name: string, only?: string): Promise<Map<string, Outcome>> {
  const subject = describedLog(name)
  const folder = join(temporaryDirectory(), 'served')
  mkdirSync(folder)
  const lane = await OperationLane.create({ subject, folder })
  onTestFinished(() => lane.remove())
  const entries = ['one', 'two'].map((entry): Change => ({ do: 'append', entry }))
  const planned = { round: 1, madeLongAgo: false, sessions: [entries] }
  const { operations, problem } = await lane.count(planned)
  expect(problem).toBeNull()
  const outcomes = new Map<string, Outcome>()
  for (const { number, during, name: operation } of operations) {
    if (only !== undefined && during !== only) continue
    for (const moment of MOMENTS) {
      const point = { moment, number, during, operation }
      const { acked, recovered, verdict } = await killAtOperation(subject, lane, planned, point)
      outcomes.set(`${during}: ${moment} ${operation}`, [acked, recovered, verdict])
    }
  }
  return outcomes
}

testSeams(`a kill at one operation leaves the same through either seam${NEEDS}`, async () => {
  const served = await throughDirectory('wal')
  expect(served.size).toBeGreaterThan(40)
  expect([...served.values()].every(([, , verdict]) => verdict === 'pass')).toBe(true)
  expect(Object.fromEntries(served)).toEqual(Object.fromEntries(await throughDisk('wal')))
})

/** Of a log that is broken, the last append alone. */
const LAST = 'append 2'

testSeams(`a log that is broken fails at the same points through either${NEEDS}`, async () => {
  const verdicts = (outcomes: Map<string, Outcome>) =>
    Object.fromEntries(
      [...outcomes].map(([point, [acked, , verdict]]) => [point, `${acked} ${verdict}`]),
    )
  const { name } = SAFE_POINT_FIRST.subject
  const served = verdicts(await throughDirectory(name, LAST))
  expect(Object.values(served).some((each) => each.endsWith('fail'))).toBe(true)
  expect(served).toEqual(verdicts(await throughDisk(name, LAST)))
})
