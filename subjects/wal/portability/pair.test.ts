import { expect, test } from 'vitest'
import { type Runtime, THIS_NODE } from '../../../harness/process/runtime.ts'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import { HOME } from '../../home.ts'
import { catchPortabilityControls } from './control.ts'
import { tryPair } from './pair.ts'

/** This machine's Node under another name. */
const OTHER: Runtime = { ...THIS_NODE, arch: 'other' }

test('a log that was killed on one runtime is recovered and continued on another', async () => {
  const options = { subject: 'wal', root: temporaryDirectory(), home: HOME }
  expect(await tryPair(THIS_NODE, OTHER, options)).toEqual({
    writer: THIS_NODE.arch,
    recoverer: 'other',
    iterations: 3,
    passed: 3,
    verdict: 'pass',
    failures: [],
    reason: null,
    confirmations: { taken: 0, agreed: 0, durationMs: 0 },
  })
})

test('a recovery that leaves a phantom fails the pair', async () => {
  const options = { subject: 'no-truncation', root: temporaryDirectory(), home: HOME }
  const { verdict, failures, confirmations } = await tryPair(THIS_NODE, OTHER, options)
  expect([verdict, failures[0]?.name]).toEqual(['fail', 'phantom'])
  expect(confirmations.taken).toBeGreaterThan(0)
  expect(confirmations.agreed).toBe(confirmations.taken)
})

test('a recoverer that can not be asked leaves the pair inconclusive', async () => {
  const broken: Runtime = { ...OTHER, command: ['false'] }
  const options = { subject: 'wal', root: temporaryDirectory(), home: HOME }
  const { verdict, passed, reason } = await tryPair(THIS_NODE, broken, options)
  expect([verdict, passed]).toEqual(['inconclusive', 0])
  expect(reason).toContain('the recoverer ended with exit code 1')
})

test('where no two runtimes differ in byte order, its control is unseen and says why', async () => {
  const options = { root: temporaryDirectory(), home: HOME }
  expect(await catchPortabilityControls([THIS_NODE, OTHER], options)).toMatchObject([
    { name: 'native-byte-order', expectation: 'unseen', caught: false, iterations: 0 },
  ])
})

test('a control that passes between two byte orders is missed', async () => {
  const turned: Runtime = { ...OTHER, endianness: THIS_NODE.endianness === 'LE' ? 'BE' : 'LE' }
  const options = { root: temporaryDirectory(), home: HOME }
  expect(await catchPortabilityControls([THIS_NODE, turned], options)).toMatchObject([
    { name: 'native-byte-order', expectation: 'caught', caught: false, iterations: 3 },
  ])
})
