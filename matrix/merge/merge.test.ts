import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packRecording, unpackRecording } from '../../harness/crash-states/recording-file.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { readRun } from '../evidence/read.ts'
import type { Asked } from '../testing/draft.ts'
import {
  conclude,
  type Draft,
  draftOf,
  putAsked,
  putRun,
  putShard,
  skipPowerCut,
  skipWalTests,
  spoil,
  temporaryFolder,
} from '../testing/evidence.ts'
import { failingState } from '../testing/failing-state.ts'
import { merge } from './merge.ts'

const CELL = 'amd64/ext4'
const RUN = join(CELL, 'run-1')

type Change = (draft: Draft) => void

/** Both shards of a run, each in a folder of its own, as two machines leave them. */
function twoShards(first?: Change, second?: Change, asked: Partial<Asked> = {}) {
  const [one, two] = [temporaryFolder(), temporaryFolder()]
  const paths = [
    putShard(one, CELL, { index: 1, of: 2 }, first),
    putAsked(two, CELL, { ...asked, shard: { index: 2, of: 2 } }, second),
  ] as const
  return { directories: [one, two], paths, out: join(temporaryFolder(), 'evidence') }
}

async function mergeThem({ directories, out }: { directories: string[]; out: string }) {
  const merged = await merge({ directories, out, allowGaps: false })
  const read = readRun(join(out, RUN))
  return { ...merged, read: read.ok ? read : undefined, problem: read.ok ? null : read.problem }
}

/** Its iteration lost the entry that had been acknowledged, if any was. */
const failing: Change = (draft) => {
  const failures = [{ name: 'hole' as const, detail: 'entry 1 is missing' }]
  Object.assign(draft.iterations[0] ?? {}, { verdict: 'fail', failures })
  conclude(draft)
}

/** The kill step could not be made at all. */
const unmade: Change = (draft) => {
  spoil(draft, 'inconclusive', 'the disk was full')
  Object.assign(draft.kill, { iterations: 0, delivered: 0, passed: 0, controls: [] })
  draft.iterations.length = 0
  draft.logRecords.length = 0
}

test('two shards become the run that they are of', async () => {
  const scene = twoShards()
  const { runs, read } = await mergeThem(scene)
  expect(runs).toEqual([{ path: join(scene.out, RUN), shards: 2 }])
  expect(read?.run).toMatchObject({ verdict: 'pass', pass: true, shard: null })
  expect(read?.run.shards.map(({ index, sums }) => ({ index, sums }))).toEqual(
    scene.paths.map((path, at) => {
      const shard = readRun(path)
      return { index: at + 1, sums: shard.ok ? shard.sums : undefined }
    }),
  )
  expect(read?.iterations.map(({ iteration, replay }) => ({ iteration, replay }))).toEqual(
    [1, 2].map((iteration) => ({
      iteration,
      replay: `npx pullplug replay ${scene.out}/${RUN} --iteration ${iteration}`,
    })),
  )
  expect(readFileSync(join(scene.out, RUN, 'cmd.txt'), 'utf8')).not.toContain('--shard')
})

test('the states of all shards are put together, and so are their recordings', async () => {
  let state = ''
  const failing: Change = (draft) => {
    ;({ state } = failingState(draft))
    Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
    conclude(draft)
  }
  const scene = twoShards(undefined, failing)
  const [one, two] = scene.paths.map((path) => readRun(path))
  const { read } = await mergeThem(scene)
  if (!one?.ok || !two?.ok || !one.powerCut || !two.powerCut) throw new Error('they are good')
  const torn = one.powerCut.states.byKind.torn + two.powerCut.states.byKind.torn
  const flushes = one.powerCut.flushes.recorded + two.powerCut.flushes.recorded
  expect(read?.powerCut).toMatchObject({
    rounds: 2,
    states: { tried: 100, failed: 1, byKind: { torn } },
    flushes: { recorded: flushes, counted: flushes },
    recordings: [{ round: 1 }, { round: 2 }],
    problems: [{ state, replay: `npx pullplug replay ${scene.out}/${RUN} --state ${state}` }],
  })
  expect([...(read?.recordings.keys() ?? [])]).toEqual([1, 2])
  expect(read?.run.steps.find(({ name }) => name === 'power-cut')).toMatchObject({
    verdict: 'fail',
    reason: '1 of 100 states failed: acked-lost',
    states: 100,
    failed: 1,
  })
})

test('a run of which a shard skipped its power cuts has skipped them', async () => {
  const { read } = await mergeThem(twoShards(undefined, skipPowerCut))
  expect(read?.run.steps.find(({ name }) => name === 'power-cut')).toMatchObject({
    verdict: 'skipped',
    reason: 'shard 2/2: it needs root',
    states: 50,
  })
})

test('a run of which a shard had no tests of the log has skipped them, and passes', async () => {
  const { read } = await mergeThem(twoShards(undefined, skipWalTests))
  expect(read?.run.verdict).toBe('pass')
  expect(read?.run.steps.find(({ name }) => name === 'wal-tests')).toMatchObject({
    verdict: 'skipped',
    reason: expect.stringContaining('shard 2/2: the log’s tests are not here'),
  })
})

test('the run lasts from its first shard’s start to its last one’s end', async () => {
  const { read } = await mergeThem(
    twoShards(undefined, undefined, {
      startedAt: '2026-01-02T09:00:00Z',
      finishedAt: '2026-01-02T09:30:00Z',
    }),
  )
  expect(read?.run).toMatchObject({
    startedAt: '2026-01-02T09:00:00Z',
    finishedAt: '2026-01-02T11:00:00Z',
  })
})

const step = (name: string, change: object): Change => {
  return ({ run }) => {
    Object.assign(run.steps.find((each) => each.name === name) ?? {}, change)
    Object.assign(run, { verdict: 'inconclusive', pass: false })
  }
}
const missed: Change = (draft) => {
  const control = draft.kill.controls.find(({ name }) => name === 'no-truncation')
  Object.assign(control ?? {}, { caught: false, failure: null, by: null })
  conclude(draft)
}
const digest: Change = ({ portability }) =>
  Object.assign(portability?.digests ?? {}, { wal: 'e'.repeat(64) })

test.each([
  [
    'an iteration that failed',
    failing,
    { verdict: 'fail', kill: { verdict: 'fail', reason: '1 of 2 iterations failed: hole' } },
  ],
  [
    'a kill step that could not be made',
    unmade,
    {
      verdict: 'inconclusive',
      kill: { verdict: 'inconclusive', reason: 'shard 2/2: the disk was full', iterations: 1 },
    },
  ],
  [
    'a control that was missed',
    missed,
    {
      verdict: 'inconclusive',
      kill: {
        verdict: 'inconclusive',
        reason: 'the run missed its control no-truncation, so it proves nothing',
      },
    },
  ],
  [
    'tests that gave no report',
    step('wal-tests', { verdict: 'inconclusive', reason: 'no report', passed: 0, draws: 0 }),
    {
      verdict: 'inconclusive',
      'wal-tests': { verdict: 'inconclusive', reason: 'shard 2/2: no report' },
    },
  ],
  [
    'bytes of its own',
    digest,
    {
      verdict: 'fail',
      portability: {
        verdict: 'fail',
        reason: expect.stringMatching(
          /^its wal digest is [0-9a-f]{12} in shard 1\/2 and eeeeeeeeeeee in shard 2\/2$/,
        ),
      },
    },
  ],
])('%s in one shard is the run’s', async (_, change, { verdict, ...steps }) => {
  const { read, problem } = await mergeThem(twoShards(undefined, change))
  expect(problem).toBe(null)
  expect(read?.run.verdict).toBe(verdict)
  for (const [name, expected] of Object.entries(steps)) {
    expect(read?.run.steps.find((each) => each.name === name)).toMatchObject(expected)
  }
})

test('a whole run is carried over byte for byte', async () => {
  const root = temporaryFolder()
  const path = putRun(root, CELL, undefined, 2)
  const scene = twoShards()
  const { runs } = await mergeThem({ ...scene, directories: [...scene.directories, root] })
  const there = join(scene.out, CELL, 'run-2')
  expect(runs.at(-1)).toEqual({ path: there, shards: 0 })
  for (const name of readdirSync(path)) {
    expect(readFileSync(join(there, name))).toEqual(readFileSync(join(path, name)))
  }
})

const node: Change = ({ run }) => {
  Object.assign(run.runtime, { node: 'v24.0.0' })
  Object.assign(run.host, { node: 'v24.0.0' })
}

const REFUSALS: [string, Partial<Asked>, Change, string][] = [
  [
    'another commit',
    {},
    ({ run }) => Object.assign(run, { commit: 'f'.repeat(40) }),
    'its commit: 0123456789ab and ffffffffffff',
  ],
  [
    'uncommitted changes',
    {},
    ({ run }) => Object.assign(run, { dirty: true }),
    'uncommitted changes: no and yes',
  ],
  ['another subject', { subject: 'no-sync' }, () => {}, 'its subject: wal and no-sync'],
  ['another seed', { seed: 8 }, () => {}, 'its seed: 7 and 8'],
  ['more iterations', { iterations: 3 }, () => {}, 'its iterations: 2 and 3'],
  [
    'every point',
    { iterations: null },
    () => {},
    'its iterations: 2 and as many as there are points',
  ],
  ['another Node', {}, node, 'Node: v20.19.0 and v24.0.0'],
  ['an emulator', { emulatedOn: 'arm64' }, () => {}, 'QEMU: none and 10.0.2'],
]

test.each(REFUSALS)(
  'a shard of %s is refused, naming both',
  async (...[, asked, change, difference]) => {
    const scene = twoShards(undefined, change, asked)
    const [one, two] = scene.paths
    const { refusals, runs } = await mergeThem(scene)
    expect(refusals).toEqual([`${one} and ${two} are not of one run: ${difference}`])
    expect([runs, existsSync(scene.out)]).toEqual([[], false])
  },
)

test('what overlaps is refused, naming both', async () => {
  const scene = twoShards()
  const [one, two] = scene.paths
  const refusalsOf = async (put: (root: string) => string) => {
    const root = temporaryFolder()
    const path = put(root)
    const directories = [...scene.directories, root]
    const { refusals } = await merge({ ...scene, directories, allowGaps: true })
    return { refusals, path }
  }
  const again = await refusalsOf((root) => putShard(root, CELL, { index: 2, of: 2 }))
  expect(again.refusals).toEqual([
    `shard 2/2 of amd64/ext4/run-1 is there twice: ${two} and ${again.path}`,
  ])
  const whole = await refusalsOf((root) => putRun(root, CELL))
  expect(whole.refusals).toEqual([
    `amd64/ext4/run-1 is there whole and as a shard: ${one} and ${whole.path}`,
  ])
  const third = await refusalsOf((root) =>
    putAsked(root, CELL, { iterations: 3, shard: { index: 1, of: 3 } }),
  )
  expect(third.refusals).toEqual([
    `amd64/ext4/run-1 is there as shards of 2 and of 3: ${one} and ${third.path}`,
  ])
  const [mine, theirs] = [temporaryFolder(), temporaryFolder()]
  const paths = [mine, theirs].map((root) => putRun(root, CELL))
  const { refusals } = await merge({ directories: [mine, theirs], out: scene.out, allowGaps: true })
  expect(refusals).toEqual([`amd64/ext4/run-1 is there twice: ${paths.join(' and ')}`])
  expect(existsSync(scene.out)).toBe(false)
})

test('a run that lacks a shard is refused, or carried over as what there is of it', async () => {
  const scene = twoShards()
  const [, second] = scene.paths
  const gap = `amd64/ext4/run-1 lacks shard 1/2 beside ${second}`
  const request = { out: scene.out, directories: scene.directories.slice(1) }
  expect(await merge({ ...request, allowGaps: false })).toMatchObject({ refusals: [gap], runs: [] })
  expect(existsSync(scene.out)).toBe(false)
  expect(await merge({ ...request, allowGaps: true })).toMatchObject({
    gaps: [gap],
    refusals: [],
    runs: [{ path: join(scene.out, CELL, 'run-1-shard-2-of-2'), shards: 0 }],
  })
})

test('shards that do not add up are refused', async () => {
  const disk: Change = ({ recordings }) => {
    const { recording, ...order } = unpackRecording(recordings.get(2) as Uint8Array)
    recordings.set(2, packRecording({ recording: { ...recording, template }, ...order }))
  }
  const shard = { index: 1, of: 2 }
  const { recordings } = draftOf({ arch: 'amd64', fileSystem: 'ext4', shard })
  const { template } = unpackRecording(recordings.get(1) as Uint8Array).recording
  const { refusals } = await mergeThem(twoShards(undefined, disk))
  expect(refusals).toEqual([
    'the shards of amd64/ext4/run-1 do not add up: the recordings of rounds 1 and 2 are of two shards and begin with one disk',
  ])
})

test('evidence that does not validate is refused, and so is what is no evidence', async () => {
  const scene = twoShards()
  const [one] = scene.paths
  writeFileSync(join(one, 'cmd.txt'), 'another command\n')
  const foreign = join(scene.directories[1] as string, 'amd64', 'notes.txt')
  writeFileSync(foreign, '')
  const { refusals, runs } = await mergeThem(scene)
  expect(refusals).toContain(`${foreign} is no run of ours`)
  expect(refusals).toContain(
    `${one}: cmd.txt is not what was written: its SHA-256 differs from SHA256SUMS`,
  )
  expect([runs, existsSync(scene.out)]).toEqual([[], false])
})

test('folders without a run are refused, and one that is not there is an error', async () => {
  const empty = temporaryFolder()
  const out = join(empty, 'out')
  const { refusals } = await merge({ directories: [empty], out, allowGaps: true })
  expect(refusals).toEqual([`there is no run in ${empty}`])
  await expect(
    merge({ directories: [join(empty, 'none')], out, allowGaps: true }),
  ).rejects.toBeInstanceOf(MachineError)
})
