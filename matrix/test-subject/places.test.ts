import { expect, test } from 'vitest'
import type { Tier } from '../../harness/tier.ts'
import { choosePlaces } from './places.ts'

/** A tier that can't run on some places. */
function tier(name: Tier['name'], unable: readonly string[]): Tier {
  return {
    name,
    title: name,
    lacks: async (place) => {
      const at = 'folder' in place ? 'tmpdir' : place.fileSystem
      return unable.includes(at) ? `it can’t on ${at}` : null
    },
    run: () => Promise.reject(new Error('it does not run')),
  }
}

const chosen = async (tiers: Tier[], otherwise: 'tmpdir' | null, fileSystems = ['ext4', 'xfs']) =>
  (await choosePlaces(tiers, { fileSystems: fileSystems as ['ext4'], otherwise })).map(
    (work) => `${work.tier.name} ${work.fileSystem} ${work.lacks === null}`,
  )

test('what can’t run on any file system runs once in the other place, in its turn', async () => {
  const tiers = [tier('kill', ['ext4', 'xfs']), tier('power-cut', ['ext4', 'xfs', 'tmpdir'])]
  expect(await chosen(tiers, 'tmpdir')).toEqual([
    'kill tmpdir true',
    'power-cut ext4 false',
    'power-cut xfs false',
  ])
})

test('what can run on one of them stays there, and so does all where no other place is given', async () => {
  const tiers = [tier('kill', ['xfs']), tier('io-error', ['ext4', 'xfs'])]
  expect(await chosen(tiers, 'tmpdir')).toEqual([
    'kill ext4 true',
    'io-error tmpdir true',
    'kill xfs false',
  ])
  expect(await chosen(tiers, null, ['ext4'])).toEqual(['kill ext4 true', 'io-error ext4 false'])
})
