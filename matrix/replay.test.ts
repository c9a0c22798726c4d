import { expect, test } from 'vitest'
import { replay } from './replay.ts'
import { type Draft, putRun, spoil, temporaryFolder } from './testing/evidence.ts'
import { SILENT } from './testing/silent-progress.ts'

const replayOf = (evidence: string, iteration?: number) =>
  replay({
    evidence,
    subjectPath: null,
    keep: false,
    signal: new AbortController().signal,
    progress: SILENT,
    ...(iteration === undefined ? {} : { iteration }),
  })

/** The second iteration could not be made: nothing struck. */
function unmade(draft: Draft): void {
  spoil(draft, 'inconclusive', 'the disk was full')
  Object.assign(draft.kill, { passed: 1, delivered: 1, inconclusive: 1 })
  Object.assign(draft.iterations[1] ?? {}, {
    verdict: 'inconclusive',
    delivered: false,
    faults: [],
    recovered: null,
    reason: 'the disk was full',
  })
}

test('an iteration that recorded no fault says why, and what can be run in its place', async () => {
  const path = putRun(temporaryFolder(), 'amd64/ext4', unmade)
  await expect(replayOf(path)).rejects.toMatchObject({
    code: 'MISSING',
    message: 'iteration 2 recorded no fault: the disk was full',
    remedy: expect.stringContaining('cmd.txt'),
  })
})

test('an iteration that is not there is named, with how many there are', async () => {
  const path = putRun(temporaryFolder(), 'amd64/ext4')
  await expect(replayOf(path, 3)).rejects.toMatchObject({
    message: 'this run has no iteration 3',
    remedy: 'It has 2, counted from 1.',
  })
})
