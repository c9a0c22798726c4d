import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packRecording } from '../harness/crash-states/recording-file.ts'
import { stateName } from '../harness/crash-states/state.ts'
import { cutPower } from '../harness/power-cut/campaign.ts'
import { NEEDS, rigFor, testPowerCuts } from '../harness/power-cut/testing/scene.ts'
import { stateId } from './commands/values.ts'
import { replayState } from './replay-state.ts'
import { powerCutStep, putRun, temporaryFolder } from './testing/evidence.ts'
import { SILENT } from './testing/silent-progress.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
const SETTINGS = { seed: 7, tearBytes: 512 }

/** The evidence of a log that is never synced, with the states that failed. */
async function failingRun(): Promise<{ path: string; states: string[] }> {
  const rig = await rigFor({ fileSystem: 'ext4' })
  const extent = { states: 30 }
  const campaign = await cutPower(rig, { ...SETTINGS, subject: 'no-log-sync', extent })
  const recording = campaign.recordings[0]?.recording
  if (recording === undefined) throw new Error('nothing was recorded')
  const path = putRun(temporaryFolder(), 'amd64/ext4', (draft) => {
    const { byKind, failed, unconfirmed, tried, confirmations } = campaign
    Object.assign(draft.run, { subject: 'no-log-sync', verdict: 'fail', pass: false })
    const step = {
      verdict: 'fail',
      reason: 'some failed',
      states: tried,
      passed: tried - failed - unconfirmed,
      failed,
    }
    Object.assign(powerCutStep(draft), step)
    Object.assign(draft.powerCut?.states ?? {}, { byKind, failed, unconfirmed, tried })
    Object.assign(draft.powerCut ?? {}, { confirmations })
    draft.powerCut?.problems.push(
      ...campaign.problems.map(({ id, state: _, ...problem }) => ({
        state: stateName(id),
        ...problem,
        replay: 'npx pullplug replay',
      })),
    )
    draft.recordings.set(1, packRecording({ recording, ...SETTINGS }))
  })
  return { path, states: campaign.problems.map(({ id }) => stateName(id)) }
}

const replay = (evidence: string, state: string, withoutMount = false) =>
  replayState({
    evidence,
    state: stateId(state),
    subjectPath: null,
    keep: false,
    withoutMount,
    signal: new AbortController().signal,
    progress: SILENT,
  })

testPowerCuts(`each problem of a run comes to the same again, mounted or not${NEEDS}`, async () => {
  const { path, states } = await failingRun()
  for (const state of states.slice(0, 3)) {
    for (const withoutMount of [false, true]) {
      const outcome = await replay(path, state, withoutMount)
      expect(outcome).toMatchObject({ state, verdict: 'fail', same: true })
      expect(outcome.result.confirmedBy).toEqual(
        withoutMount ? ['e2fsck'] : ['loop-mount', 'e2fsck'],
      )
    }
  }
})

testPowerCuts(`--keep leaves an image that mounts by the command it names${NEEDS}`, async () => {
  const { path, states } = await failingRun()
  const cwd = temporaryFolder()
  const args = [CLI, 'replay', path, '--state', states[0] ?? '', '--keep', '--json']
  let stdout = ''
  try {
    execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    stdout = (error as { stdout: string }).stdout
  }
  const { verdict, kept } = JSON.parse(stdout)
  expect(verdict).toBe('fail')
  expect(existsSync(kept.image)).toBe(true)
  expect(kept.mount).toBe(`mount -t ext4 -o loop ${kept.image} /mnt`)
  expect(readFileSync(kept.image).readUInt16LE(1024 + 56)).toBe(0xef53)
})

test('a recording or a state that is not there is named', async () => {
  const path = putRun(temporaryFolder(), 'amd64/ext4', ({ recordings }) =>
    recordings.set(1, Buffer.from('a recording')),
  )
  await expect(replay(path, '2.1')).rejects.toMatchObject({
    code: 'MISSING',
    message: `${path} has no recording of round 2; it has 1`,
  })
  await expect(replay(path, '1.1')).rejects.toMatchObject({
    code: 'BROKEN',
    message: expect.stringContaining('this is no recording of ours'),
  })
})
