import { expect, test } from 'vitest'
import type { Recording } from '../crash-states/recording.ts'
import { synthetic } from '../crash-states/testing/synthetic.ts'
import { type PowerCutPlan, planPowerCut } from '../plan/power-cut.ts'
import { dyingRuntime } from '../testing/dying-runtime.ts'
import { cutPower } from './campaign.ts'
import type { Campaign } from './campaign-result.ts'
import { catchByPowerCut } from './catch.ts'
import { NOT_MOUNTED, type StateResult } from './check-state.ts'
import type { CheckRequest } from './checker.ts'
import type { JudgedState } from './confirm-state.ts'
import type { Rig } from './rig.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'

const OPTIONS = { subject: 'wal', seed: 11, tearBytes: 512 }
const FAILURES = [{ name: 'acked-lost', detail: '1 entries were acknowledged' }] as const

const FAILED: StateResult = { ...NOT_MOUNTED, failures: [...FAILURES], notJudged: null }
const CONFIRMED: JudgedState = {
  ...FAILED,
  confirmedBy: ['loop-mount'],
  confirmations: { taken: 1, agreed: 1, durationMs: 5 },
}
const REFUTED: JudgedState = {
  ...FAILED,
  failures: [],
  notJudged: 'the looks at it disagree: …',
  confirmedBy: [],
  confirmations: { taken: 1, agreed: 0, durationMs: 5 },
}

/** A rig without devices: each recording has eight states or so, and every one fails at the first look. */
function failingRig(confirmed: () => JudgedState): Rig {
  const sectors = [0, 1, 2, 3, 4, 5]
  const recording = synthetic(
    sectors.flatMap((sector) => [{ sector, fills: [sector + 1] }, 'flush' as const]),
  )
  return {
    template: { fileSystem: 'ext4', variant: null },
    planOf: planPowerCut,
    record: async (_: string, { round }: PowerCutPlan) => ({ ...recording, round }),
    assertCanBeKept: () => undefined,
    checkAll: async (
      _: Recording,
      requests: CheckRequest[],
      onResult: (request: CheckRequest, result: StateResult) => Promise<string>,
    ) => {
      for (const request of requests) if ((await onResult(request, FAILED)) === 'enough') return
    },
    confirm: async () => confirmed(),
  } as unknown as Rig
}

test('of a kind of failure three states of a recording are looked at again, and the others are no failures', async () => {
  const campaign = await cutPower(
    failingRig(() => CONFIRMED),
    { ...OPTIONS, extent: 'exhaustive' },
  )
  expect(campaign.tried).toBeGreaterThan(4)
  expect(campaign).toMatchObject({ failed: 3, unconfirmed: campaign.tried - 3, unjudged: 0 })
  expect(campaign.confirmations).toEqual({ taken: 3, agreed: 3, durationMs: 15 })
  expect(campaign.problems.map(({ confirmedBy }) => confirmedBy)).toEqual(
    Array(3).fill(['loop-mount']),
  )
})

test('however many recordings fail, at most thirty states are looked at again', async () => {
  const campaign = await cutPower(
    failingRig(() => CONFIRMED),
    { ...OPTIONS, extent: { states: 150 } },
  )
  expect(campaign.rounds).toBeGreaterThan(10)
  expect(campaign).toMatchObject({ tried: 150, failed: 30, unconfirmed: 120 })
})

test('a state about which the looks disagree could not be judged, and is no failure', async () => {
  const campaign = await cutPower(
    failingRig(() => REFUTED),
    { ...OPTIONS, extent: 'exhaustive' },
  )
  expect(campaign).toMatchObject({ failed: 0, unjudged: 3, unconfirmed: campaign.tried - 3 })
  expect(campaign.confirmations).toMatchObject({ taken: 3, agreed: 0 })
  expect(campaign.problems[0]).toMatchObject({ failures: [], notJudged: REFUTED.notJudged })
})

test('a control that no second look finds is not caught', async () => {
  const control = { subject: { name: 'wal', open: () => expect.unreachable() }, defect: 'none' }
  const seen = await catchByPowerCut(
    failingRig(() => CONFIRMED),
    control,
  )
  expect(seen).toMatchObject({ caught: true, confirmedBy: ['loop-mount'], states: 1 })
  const unseen = await catchByPowerCut(
    failingRig(() => REFUTED),
    control,
  )
  expect(unseen).toMatchObject({ caught: false, failure: null, by: null, confirmedBy: [] })
})

/** The power of our log cut on ext4, where its recoveries come to a bad end. */
async function dying(states: number, ...end: Parameters<typeof dyingRuntime>): Promise<Campaign> {
  const runtime = dyingRuntime(...end)
  const rig = await rigFor({ fileSystem: 'ext4', lanes: 1, timeoutMs: 2000, runtime })
  return await cutPower(rig, { ...OPTIONS, extent: { states } })
}

testPowerCuts.each([
  ['SIGBUS', 6, 'twice, the recoverer ended by SIGBUS'],
  ['exit', 6, 'twice, the recoverer ended with exit code 3'],
  ['hang', 3, 'twice, the recoverer gave no answer in 2000 ms'],
] as const)(
  `a recovery that comes to its end by %s in each look fails the state, and the campaign goes on${NEEDS}`,
  async (end, states, detail) => {
    const campaign = await dying(states, end)
    expect(campaign).toMatchObject({ tried: states, unjudged: 0 })
    expect(campaign.failed).toBeGreaterThan(0)
    // In the first state, which is judged in full, it may be the second recovery that finds a safe point.
    const told = { failures: [{ name: 'refused', detail }], confirmedBy: ['loop-mount', 'e2fsck'] }
    expect(campaign.problems).toContainEqual(expect.objectContaining(told))
  },
)

testPowerCuts(
  `a recovery that dies once leaves one state that could not be judged${NEEDS}`,
  async () => {
    const campaign = await dying(6, 'SIGSEGV', 1)
    expect(campaign).toMatchObject({ tried: 6, failed: 0, unconfirmed: 0, unjudged: 1 })
    expect(campaign.problems[0]?.notJudged).toMatch(
      /^the looks at it disagree: the first look found .*the recoverer ended by SIGSEGV; another process on a fresh loop device found nothing wrong$/,
    )
  },
)

testPowerCuts(
  `a corrupt file system that the subject meets in its recovery leaves states that could not be judged${NEEDS}`,
  async () => {
    const campaign = await dying(6, 'EBADMSG')
    expect(campaign).toMatchObject({ tried: 6, failed: 0, unconfirmed: 0 })
    expect(campaign.unjudged).toBeGreaterThan(0)
    expect(campaign.problems[0]?.notJudged).toMatch(
      /^in recovery, the machine failed: DISK_FAILED: .* failed: Bad message/,
    )
  },
)
