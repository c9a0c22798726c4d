import { describe, expect, test } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import type { Recording } from '../crash-states/recording.ts'
import { packRecording, unpackRecording } from '../crash-states/recording-file.ts'
import { STATE_KINDS, stateInWords } from '../crash-states/state.ts'
import { synthetic } from '../crash-states/testing/synthetic.ts'
import { type PowerCutPlan, planPowerCut } from '../plan/power-cut.ts'
import { scratch } from '../volume/testing/scene.ts'
import { cutPower } from './campaign.ts'
import { NOT_MOUNTED, type StateResult } from './check-state.ts'
import type { CheckRequest } from './checker.ts'
import { diskSubjectHost } from './disk-subject-host.ts'
import { replayMounted, replayWithoutMount, stateOf } from './replay-state.ts'
import type { Rig } from './rig.ts'
import { stripOfKept } from './strip-of-kept.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'

const OPTIONS = { subject: 'wal', seed: 11, tearBytes: 512 }

describe.each([
  ['ext4', null, 150],
  ['ext4', 'data=journal', 60],
  ['xfs', null, 60],
] as const)('the log on %s (%s)', (fileSystem, variant, states) => {
  testPowerCuts(`keeps its promises in ${states} states of all kinds${NEEDS}`, async () => {
    const rig = await rigFor({ fileSystem, variant })
    const patienceStates = states
    const campaign = await cutPower(rig, { ...OPTIONS, extent: { states }, patienceStates })
    expect(campaign.problems).toEqual([])
    expect(campaign).toMatchObject({ rounds: 1, tried: states, failed: 0, unjudged: 0 })
    const { byKind, flushes, marker, injector } = campaign
    expect(STATE_KINDS.reduce((sum, kind) => sum + byKind[kind], 0)).toBe(states)
    expect(byKind.torn).toBeGreaterThan(0)
    expect(byKind.prefix).toBeGreaterThan(0)
    expect(campaign.inFull).toBe(Math.ceil(states / 32))
    expect(flushes.recorded).toBeGreaterThan(0)
    expect(flushes.counted).toBe(flushes.recorded)
    expect(marker.vanished).toBeGreaterThan(0)
    expect(injector.agreed).toBe(injector.compared)
    expect(injector.compared > 0).toBe(fileSystem === 'ext4')
  })
})

type OnResult = (request: CheckRequest, result: StateResult) => Promise<string>

/** A rig without devices, on which every state passes: its recordings have 3 states each, all with one content. */
function idleRig(): Rig {
  const recording = synthetic([{ sector: 0, fills: [1] }, 'flush', { sector: 1, fills: [2] }])
  const result: StateResult = { ...NOT_MOUNTED, notJudged: null, contents: 'the same' }
  return {
    planOf: planPowerCut,
    record: async (_: string, { round }: PowerCutPlan) => ({ ...recording, round }),
    assertCanBeKept: () => undefined,
    checkAll: async (_: Recording, requests: CheckRequest[], onResult: OnResult) => {
      for (const request of requests) if ((await onResult(request, result)) !== 'more') return
    },
  } as unknown as Rig
}

test('goes on with other entries until it has tried what was asked for, and no further', async () => {
  const seen: number[] = []
  const onProgress = (tried: number): void => void seen.push(tried)
  const extent = { states: 8 }
  const campaign = await cutPower(idleRig(), { ...OPTIONS, extent, onProgress })
  expect(campaign).toMatchObject({ rounds: 3, distinct: 9, tried: 8 })
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('ends when its time is over, and says how far it came', async () => {
  const campaign = await cutPower(idleRig(), { ...OPTIONS, extent: { forMs: 0 } })
  expect(campaign).toMatchObject({ rounds: 1, distinct: 3, tried: 1 })
})

test('leaves a recording that shows nothing new, and counts what each has shown', async () => {
  const extent = { states: 4 }
  const campaign = await cutPower(idleRig(), { ...OPTIONS, extent, patienceStates: 1 })
  expect(campaign).toMatchObject({ rounds: 2, tried: 4, contents: 2 })
  const kept = campaign.recordings.map(({ tried, contents }) => [tried, contents])
  expect(kept).toEqual([
    [2, 1],
    [2, 1],
  ])
  const passed = { content: 'the same', came: 'passed' }
  const [first] = campaign.recordings
  if (first === undefined) throw new Error('a recording is kept')
  expect(first.seen).toEqual([passed, passed])
  const strip = stripOfKept(first, OPTIONS.seed, OPTIONS.tearBytes)
  expect(strip).toMatchObject({ tried: 2, contents: 1, from: 0, to: 3, flushes: [1] })
  expect(strip.states.map(({ number, verdict, outcome }) => [number, verdict, outcome])).toEqual([
    [1, 'pass', 1],
    [2, 'pass', 1],
  ])
})

test('all of one recording is one round', async () => {
  const campaign = await cutPower(idleRig(), { ...OPTIONS, extent: 'exhaustive' })
  expect(campaign).toMatchObject({ rounds: 1, distinct: 3, tried: 3 })
})

testPowerCuts(
  `a failing state is rebuilt from its recording, mounted or not, and fails alike${NEEDS}`,
  async () => {
    const rig = await rigFor({ fileSystem: 'ext4' })
    const extent = { states: 40 }
    const campaign = await cutPower(rig, { ...OPTIONS, subject: 'no-log-sync', extent })
    const [problem] = campaign.problems
    const [kept] = campaign.recordings
    if (problem === undefined || kept === undefined) throw new Error('nothing failed')
    const { seed, tearBytes } = OPTIONS
    const unpacked = unpackRecording(packRecording({ recording: kept.recording, seed, tearBytes }))
    const state = stateOf(unpacked, problem.id)
    if (state === undefined) throw new Error('no such state')
    expect(stateInWords(state)).toBe(problem.what)
    expect(kept.seen).toHaveLength(kept.tried)
    const shown = new Set(kept.seen.flatMap(({ content }) => content ?? []))
    expect(shown.size).toBe(kept.contents)
    const failed = kept.seen.filter(({ came }) => came === 'failed')
    expect(failed).toHaveLength(campaign.failed + campaign.unconfirmed)
    expect(kept.seen[problem.id.number - 1]?.came).toBe('failed')
    const options = { host: diskSubjectHost(HOME), stateDirectory: scratch() }
    for (const replay of [replayMounted, replayWithoutMount]) {
      const result = await replay(unpacked.recording, state, problem.id, options)
      expect(result.acked).toBe(problem.acked)
      expect(result.recovered).toBe(problem.recovered)
      expect(result.failures.map(({ name }) => name)).toEqual(
        problem.failures.map(({ name }) => name),
      )
    }
  },
)
