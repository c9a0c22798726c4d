import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CONTROL_NAMES } from '../../subjects/wal/controls/index.ts'
import { readRun } from '../evidence/read.ts'
import type { Asked } from '../testing/draft.ts'
import { draftOf, putDraft, temporaryFolder } from '../testing/evidence.ts'

const PEERS = ['arm64', 'riscv64', 's390x']

const powerCut = fc.record({
  states: fc.option(fc.integer({ min: 1, max: 700 })),
  exhaustive: fc.boolean(),
  tearBytes: fc.constantFrom(512 as const, 4096 as const),
  ext4: fc.constantFrom(
    null,
    'data=ordered' as const,
    'data=writeback' as const,
    'data=journal' as const,
    'fast_commit' as const,
  ),
})

/** Whatever `pullplug matrix` can be asked for. */
const asked: fc.Arbitrary<Partial<Asked> & { fileSystem: string }> = fc
  .record({
    fileSystem: fc.constantFrom('ext4', 'xfs', 'workdir'),
    run: fc.integer({ min: 1, max: 1000 }),
    // native-byte-order leaves no digests that are the same everywhere.
    subject: fc.constantFrom('wal', 'wal', ...CONTROL_NAMES.slice(0, -1)),
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    iterations: fc.integer({ min: 1, max: 12 }),
    powerCut,
    shards: fc.integer({ min: 1, max: 12 }),
    shard: fc.integer({ min: 1, max: 12 }),
    peers: fc.subarray(PEERS),
  })
  .map(({ shards, shard, powerCut: settings, ...rest }) => ({
    ...rest,
    powerCut: { ...settings, exhaustive: settings.exhaustive && settings.states === null },
    shard:
      shards === 1 || shards > rest.iterations
        ? null
        : { index: Math.min(shard, shards), of: shards },
  }))

/** A control whose recovery refuses can't be killed there, so that nothing follows. */
function draftIfAny(what: Partial<Asked> & { fileSystem: string }) {
  try {
    return draftOf({ arch: 'amd64', ...what })
  } catch (error) {
    if ((error as Error).message.startsWith('nothing follows')) return undefined
    throw error
  }
}

test('whatever a run was asked for, what it honestly leaves contradicts nothing', () => {
  const root = temporaryFolder()
  fc.assert(
    fc.property(asked, (what) => {
      const draft = draftIfAny(what)
      fc.pre(draft !== undefined)
      const read = readRun(putDraft(root, draft))
      expect(read.ok ? null : read.problem).toBeNull()
    }),
    { numRuns: 60 },
  )
})
