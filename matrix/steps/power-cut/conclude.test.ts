import { expect, test } from 'vitest'
import type { PowerCutRecord } from '../../evidence/types.ts'
import { draftOf } from '../../testing/draft.ts'
import { concludePowerCut } from './conclude.ts'

/** A good record with other counts of states. */
function record(states: Partial<PowerCutRecord['states']>): PowerCutRecord {
  const { powerCut } = draftOf({ arch: 'amd64', fileSystem: 'ext4' })
  const good = powerCut as PowerCutRecord
  return { ...good, states: { ...good.states, tried: 100, ...states } }
}

test('states that one look alone found to fail are neither passed nor failed, and keep the step from passing', () => {
  expect(concludePowerCut(record({ unconfirmed: 2 }))).toMatchObject({
    verdict: 'inconclusive',
    reason: 'in 2 of 100 states one look found a failure, and no other was taken',
    states: 100,
    passed: 98,
    failed: 0,
  })
})

test('beside confirmed failures those of one look alone are told apart', () => {
  const failed = record({ failed: 3, unconfirmed: 30, unjudged: 1 })
  failed.confirmations = { taken: 4, agreed: 3, durationMs: 900 }
  failed.problems.push({
    state: '1.7',
    kind: 'prefix',
    what: 'power cut at 30',
    acked: 2,
    recovered: 1,
    failures: [{ name: 'acked-lost', detail: 'lost' }],
    confirmedBy: ['loop-mount'],
    notJudged: null,
    replay: 'npx pullplug replay',
  })
  expect(concludePowerCut(failed)).toMatchObject({
    verdict: 'fail',
    reason: '3 of 100 states failed, and 30 more by one look alone: acked-lost',
    confirmations: { taken: 4, agreed: 3, durationMs: 900 },
    passed: 66,
    failed: 3,
  })
})
