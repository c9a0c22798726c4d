import { expect, test } from 'vitest'
import type { GoodRead } from './evidence/read.ts'
import { recordingOf } from './recording.ts'

const READ = {
  path: '/e/amd64/ext4/run-1',
  run: { seed: 7, subject: 'notes', cell: { arch: 'amd64', fileSystem: 'ext4' } },
  recordings: new Map([[1, new Uint8Array()]]),
} as unknown as GoodRead

test.each([
  [
    'our log',
    null,
    'The first eight rounds are kept, and later ones in which something was wrong.',
  ],
  [
    'a described subject',
    { subjectPath: './my notes.json', state: '3.60' },
    "It was too large to be kept. npx pullplug test './my notes.json' --tier power-cut --fs ext4 --seed 7 --case 3.60 records that history again.",
  ],
])('a recording of %s that was not kept is missed with a way out', (_, described, remedy) => {
  const lacking = (): unknown => recordingOf(READ, 3, described)
  expect(lacking).toThrow(
    expect.objectContaining({
      message: '/e/amd64/ext4/run-1 has no recording of round 3; it has 1',
      remedy,
    }),
  )
})
