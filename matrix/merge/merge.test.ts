import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import { readRun } from '../evidence/read.ts'
import type { StateProblemRecord } from '../evidence/types.ts'
import {
  type Draft,
  powerCutStep,
  putRun,
  putShard,
  skipPowerCut,
  spoil,
  temporaryFolder,
} from '../testing/evidence.ts'
import { merge } from './merge.ts'

const CELL = 'amd64/ext4'
const RUN = join(CELL, 'run-1')

type Change = (draft: Draft) => void

/** Both shards of a run, each in a folder of its own, as two machines leave them. */
function twoShards(first?: Change, second?: Change) {
  const [one, two] = [temporaryFolder(), temporaryFolder()]
  const paths = [
    putShard(one, CELL, { index: 1, of: 2 }, first),
    putShard(two, CELL, { index: 2, of: 2 }, second),
  ] as const
  return { directories: [one, two], paths, out: join(temporaryFolder(), 'evidence') }
}

async function mergeThem({ directories, out }: { directories: string[]; out: string }) {
  const merged = await merge({ directories, out, allowGaps: false })
  const read = readRun(join(out, RUN))
  return { ...merged, read: read.ok ? read : undefined, problem: read.ok ? null : read.problem }
}

const failing: Change = (draft) => {
  spoil(draft, 'fail', '1 of 1 iterations failed: hole')
  Object.assign(draft.kill, { passed: 0, failed: 1 })
  Object.assign(draft.iterations[0] ?? {}, {
    verdict: 'fail',
    failures: [{ name: 'hole', detail: 'entry 1 is missing' }],
  })
}

/** The kill step could not be made at all. */
const unmade: Change = (draft) => {
  spoil(draft, 'inconclusive', 'the disk was full')
  Object.assign(draft.kill, { iterations: 0, delivered: 0, passed: 0, controls: [] })
  draft.iterations.length = 0
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
  const problem: StateProblemRecord = {
    state: '2.5',
    kind: 'torn',
    what: 'power cut at 9: torn, 1 of 1 writes in flight kept',
    acked: 1,
    recovered: 0,
    failures: [{ name: 'acked-lost', detail: '1 entries were acknowledged and 0 came back' }],
    notJudged: null,
    replay: 'npx pullplug replay elsewhere --state 2.5',
  }
  const failing: Change = (draft) => {
    const reason = '1 of 100 states failed: acked-lost'
    Object.assign(powerCutStep(draft), { verdict: 'fail', reason, failed: 1 })
    Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
    draft.powerCut?.problems.push(problem)
    Object.assign(draft.run, { verdict: 'fail', pass: false })
  }
  const scene = twoShards(undefined, failing)
  const { read } = await mergeThem(scene)
  expect(read?.powerCut).toMatchObject({
    rounds: 2,
    states: { tried: 200, failed: 1, byKind: { torn: 80 } },
    flushes: { recorded: 120, counted: 120 },
    recordings: [1, 2],
    problems: [{ state: '2.5', replay: `npx pullplug replay ${scene.out}/${RUN} --state 2.5` }],
  })
  expect([...(read?.recordings.keys() ?? [])]).toEqual([1, 2])
  expect(read?.run.steps.find(({ name }) => name === 'power-cut')).toMatchObject({
    verdict: 'fail',
    reason: '1 of 200 states failed: acked-lost',
    states: 200,
    failed: 1,
  })
})

test('a run of which a shard skipped its power cuts has skipped them', async () => {
  const { read } = await mergeThem(twoShards(undefined, skipPowerCut))
  expect(read?.run.steps.find(({ name }) => name === 'power-cut')).toMatchObject({
    verdict: 'skipped',
    reason: 'shard 2/2: it needs root',
    states: 100,
  })
})

test('the run lasts from its first shard’s start to its last one’s end', async () => {
  const times = (startedAt: string, finishedAt: string): Change => {
    return ({ run }) => Object.assign(run, { startedAt, finishedAt })
  }
  const { read } = await mergeThem(
    twoShards(
      times('2026-01-02T10:00:00Z', '2026-01-02T12:00:00+02:00'),
      times('2026-01-02T09:00:00Z', '2026-01-02T09:30:00Z'),
    ),
  )
  expect(read?.run).toMatchObject({
    startedAt: '2026-01-02T09:00:00Z',
    finishedAt: '2026-01-02T12:00:00+02:00',
  })
})

const step = (name: string, change: object): Change => {
  return ({ run }) => {
    Object.assign(run.steps.find((each) => each.name === name) ?? {}, change)
    Object.assign(run, { verdict: 'inconclusive', pass: false })
  }
}
const missed: Change = (draft) => {
  spoil(draft, 'inconclusive', 'the run missed its control no-truncation, so it proves nothing')
  Object.assign(draft.kill.controls[0] ?? {}, { caught: false, failure: null, by: null })
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
    step('wal-tests', { verdict: 'inconclusive', reason: 'no report', passed: 0 }),
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
        reason: 'its wal digest is cccccccccccc in shard 1/2 and eeeeeeeeeeee in shard 2/2',
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

const REFUSALS: [string, Change, string][] = [
  [
    'another commit',
    ({ run }) => Object.assign(run, { commit: 'f'.repeat(40) }),
    'its commit: 0123456789ab and ffffffffffff',
  ],
  [
    'uncommitted changes',
    ({ run }) => Object.assign(run, { dirty: true }),
    'uncommitted changes: no and yes',
  ],
  [
    'another subject',
    ({ run }) => Object.assign(run, { subject: 'no-sync' }),
    'its subject: wal and no-sync',
  ],
  ['another seed', ({ run }) => Object.assign(run, { seed: 8 }), 'its seed: 7 and 8'],
  [
    'more iterations',
    ({ run }) => Object.assign(run, { iterations: 3 }),
    'its iterations: 2 and 3',
  ],
  [
    'every point',
    ({ run }) => Object.assign(run, { iterations: null, everyPoint: true }),
    'its iterations: 2 and as many as there are points',
  ],
  [
    'another version',
    ({ run }) => Object.assign(run.tool, { version: '0.2.0' }),
    'pullplug: 0.1.0 and 0.2.0',
  ],
  [
    'another Node',
    ({ run }) => Object.assign(run.runtime, { node: 'v24.0.0' }),
    'Node: v20.19.0 and v24.0.0',
  ],
  [
    'an emulator',
    ({ run }) => {
      Object.assign(run, { emulation: 'qemu-user' })
      Object.assign(run.runtime, { qemu: '10.0.2' })
      Object.assign(run.host, { arch: 'arm64' })
    },
    'QEMU: none and 10.0.2',
  ],
  [
    'another file system',
    ({ run }) => Object.assign(run.mount, { fsType: 'btrfs' }),
    'its file system: ext4 (0xef53) and btrfs (0xef53)',
  ],
  [
    'no volume',
    ({ run }) => Object.assign(run.mount, { volume: 'working-directory', imageBytes: null }),
    'its volume: loop and working-directory',
  ],
]

test.each(REFUSALS)('a shard of %s is refused, naming both', async (_, change, difference) => {
  const scene = twoShards(undefined, change)
  const [one, two] = scene.paths
  const { refusals, runs } = await mergeThem(scene)
  expect(refusals).toEqual([`${one} and ${two} are not of one run: ${difference}`])
  expect([runs, existsSync(scene.out)]).toEqual([[], false])
})

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
  const third = await refusalsOf((root) => putShard(root, CELL, { index: 1, of: 3 }))
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

test('shards whose points do not add up are refused', async () => {
  const everyPoint: Change = ({ run }) => Object.assign(run, { iterations: null, everyPoint: true })
  const more: Change = (draft) => {
    everyPoint(draft)
    const [last] = draft.iterations
    if (last !== undefined)
      draft.iterations.push({ ...last, iteration: 4 }, { ...last, iteration: 6 })
    Object.assign(draft.kill, { iterations: 3, delivered: 3, passed: 3 })
  }
  const { refusals } = await mergeThem(twoShards(everyPoint, more))
  expect(refusals).toEqual([
    'the shards of amd64/ext4/run-1 do not add up: its iterations are not those that were asked for',
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
