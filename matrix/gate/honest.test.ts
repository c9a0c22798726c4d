import { expect, test } from 'vitest'
import { type Draft, skipPowerCut, stepOf } from '../testing/evidence.ts'
import { decisionOn, honestDraft } from './testing/lie.ts'
import { mergedDraft } from './testing/merged-draft.ts'

const settings = { states: null, exhaustive: false, tearBytes: 512, ext4: null } as const

const changed = (draft: Draft, change: (draft: Draft) => unknown): Draft => {
  change(draft)
  return draft
}

/** Runs that passed, and what differs between them. */
const PASSES: [string, () => Draft][] = [
  ['on ext4', () => honestDraft()],
  ['on xfs', () => honestDraft({ fileSystem: 'xfs' })],
  ['on btrfs, which is informational', () => honestDraft({ fileSystem: 'btrfs' })],
  ['in the working directory', () => honestDraft({ fileSystem: 'workdir' })],
  [
    'in the working directory of another operating system',
    () =>
      changed(honestDraft({ fileSystem: 'workdir' }), ({ run }) =>
        Object.assign(run.host, { platform: 'darwin', kernel: '23.6.0' }),
      ),
  ],
  ['on arm64', () => honestDraft({ arch: 'arm64' })],
  ['of the first seed', () => honestDraft({ seed: 0 })],
  ['of the last seed', () => honestDraft({ seed: 0xffff_ffff })],
  ['of many iterations', () => honestDraft({ seed: 3, iterations: 120 })],
  ['at every point', () => honestDraft({ iterations: null })],
  ['merged from three shards', () => mergedDraft(3)],
  ['merged from one shard', () => mergedDraft(1)],
  ['merged from two shards of every point', () => mergedDraft(2, { iterations: null })],
  [
    'merged from shards that had as much time as there was',
    () => mergedDraft(2, { powerCut: settings }),
  ],
  ['of every state', () => honestDraft({ powerCut: { ...settings, exhaustive: true } })],
  ['of the states that there was time for', () => honestDraft({ powerCut: settings })],
  ['of states in many rounds', () => honestDraft({ powerCut: { ...settings, states: 1900 } })],
  [
    'of writes torn at blocks',
    () => honestDraft({ powerCut: { ...settings, states: 40, tearBytes: 4096 } }),
  ],
  ...(['data=ordered', 'data=writeback', 'data=journal', 'fast_commit'] as const).map(
    (ext4): [string, () => Draft] => [
      `of ext4 with ${ext4}`,
      () => honestDraft({ powerCut: { ...settings, states: 50, ext4 } }),
    ],
  ),
  [
    'of xfs that was asked for a kind of ext4 as well',
    () =>
      honestDraft({
        fileSystem: 'xfs',
        powerCut: { ...settings, states: 50, ext4: 'data=journal' },
      }),
  ],
  [
    'under an emulator',
    () =>
      honestDraft({ arch: 'riscv64', fileSystem: 'xfs', emulatedOn: 'amd64', peers: ['amd64'] }),
  ],
  [
    'under an emulator, with its power not cut in an informational cell',
    () => changed(honestDraft({ arch: 'riscv64', emulatedOn: 'amd64' }), skipPowerCut),
  ],
  ['beside the other byte order', () => honestDraft({ peers: ['arm64', 's390x'] })],
  ['of the other byte order', () => honestDraft({ arch: 's390x', peers: ['riscv64', 'amd64'] })],
  [
    'on another machine',
    () =>
      changed(honestDraft(), ({ run }) => {
        Object.assign(run.host, { kernel: '6.18.44-custom', node: 'v24.1.0', cpus: 64 })
        Object.assign(run.runtime, { node: 'v24.1.0' })
      }),
  ],
  [
    'into a folder with a name that a shell takes apart',
    () =>
      changed(honestDraft(), ({ iterations }) => {
        for (const each of iterations) {
          each.replay = each.replay.replace(/evidence\S*/, `'/my evidence/amd64/ext4/run-1'`)
        }
      }),
  ],
  [
    'in steps of other lengths, with more tests',
    () =>
      changed(honestDraft(), (draft) => {
        for (const step of draft.run.steps) step.durationMs = 8000
        Object.assign(stepOf(draft, 'wal-tests'), { passed: 260 })
      }),
  ],
]

test.each(PASSES)('the gate believes a run %s', async (_, make) => {
  expect(await decisionOn(make())).toMatchObject({
    result: 'pass',
    reason: expect.stringContaining('every control caught'),
  })
})
