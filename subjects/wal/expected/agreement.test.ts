import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { catchControl } from '../../../harness/controls/catch.ts'
import { Crew } from '../../../harness/disk-subject/crew.ts'
import { iterationsAtEveryPoint } from '../../../harness/kill/every-point.ts'
import { iterationsOfPlan } from '../../../harness/kill/iterations-of-plan.ts'
import { Lanes } from '../../../harness/kill/lanes.ts'
import { THIS_NODE } from '../../../harness/process/runtime.ts'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import { checkAtomicRename } from '../../atomic-rename/check.ts'
import { HOME } from '../../home.ts'
import { CONTROL_NAMES, CONTROLS } from '../controls/index.ts'
import { takeDigests } from '../portability/digests.ts'
import { tryPair } from '../portability/pair.ts'
import { expectedControls } from './controls.ts'
import { expectedEveryPoint } from './every-point.ts'
import { DIRECTORY } from './in-memory.ts'
import { expectedIteration } from './iteration.ts'
import { expectedDigests, expectedPairIterations } from './portability.ts'
import { expectedRenames } from './rename.ts'
import { subjectNamed } from './subject.ts'

const OPTIONS = { home: HOME, timeoutMs: 60_000 }

function subjectOf(name: string) {
  const subject = subjectNamed(name)
  if (subject === undefined) throw new Error(`there is no subject ${name}`)
  return subject
}

/** A text in which a directory has the name that it has in memory. */
const moved = (value: unknown, directory: string): string =>
  JSON.stringify(value).replaceAll(directory, DIRECTORY)

/** Runs iterations with real processes, and holds each against what was computed of it. */
async function expectAgreement(name: string, seed: number, count: number): Promise<void> {
  const root = temporaryDirectory()
  const lanes = new Lanes({ ...OPTIONS, subject: name, root })
  onTestFinished(() => lanes.stop())
  const iterations = iterationsOfPlan(seed, 1, count)
  const results = await lanes.runAll(iterations)
  for (const [at, result] of results.entries()) {
    const { faults, acked, recovered, failures, records, iteration } = result
    const seen = { faults, acked, recovered, failures, records }
    const expected = expectedIteration(subjectOf(name), iterations[at] as (typeof iterations)[0])
    expect(result.delivered).toBe(expected !== null)
    if (expected !== null)
      expect(moved(seen, join(root, `iteration-${iteration}`))).toBe(JSON.stringify(expected))
  }
}

test('what the log leaves and recovers in memory is what it does in processes that are killed', async () => {
  await expectAgreement('wal', 3, 40)
})

test.each(CONTROL_NAMES)(
  'what the control %s comes to in memory is what it does in processes that are killed',
  async (name) => {
    await expectAgreement(name, 42, 8)
  },
)

test('every point that is counted in memory is one that is counted by running', async () => {
  const workload = { seed: 5, stream: 0, entries: 2 }
  const scratch = join(temporaryDirectory(), 'counting')
  const counted = await iterationsAtEveryPoint(workload, scratch, { ...OPTIONS, subject: 'wal' })
  expect(expectedEveryPoint(subjectOf('wal'), workload)).toEqual(counted)
})

test('each control of the kill tier fares in memory as it does in its ordeal', async () => {
  const crew = new Crew(OPTIONS)
  onTestFinished(() => crew.stop())
  const root = temporaryDirectory()
  for (const [at, control] of CONTROLS.entries()) {
    const fared = await catchControl(control, { root, home: HOME, crew })
    expect(fared).toEqual(expectedControls()[at])
  }
})

test('the digests, the crashes of a pair and the renames are those of real files', async () => {
  const root = temporaryDirectory()
  const options = { ...OPTIONS, subject: 'wal', runtime: THIS_NODE }
  const wal = subjectOf('wal')
  expect(await takeDigests(join(root, 'fixed'), options)).toEqual(expectedDigests(wal))
  const pair = await tryPair(THIS_NODE, THIS_NODE, { ...options, root })
  expect(pair.iterations).toBe(expectedPairIterations(wal))
  const crew = new Crew(OPTIONS)
  onTestFinished(() => crew.stop())
  expect(await checkAtomicRename(root, { crew })).toMatchObject({
    ...expectedRenames(),
    failures: [],
    disagreements: [],
  })
})
