import { expect, test } from 'vitest'
import { faultsInWords } from './index.ts'

test('faults in words come in their order', () => {
  const point = {
    moment: 'within',
    number: 21,
    name: 'append 3: wal-write',
    writtenBytes: 5,
  } as const
  expect(
    faultsInWords([
      { kind: 'kill', process: 'writer', point },
      { kind: 'phantom', shape: 'zeros' },
      { kind: 'bit-rot', entry: 2 },
    ]),
  ).toBe(
    'writer killed at append 3: within wal-write (operation 21, after 5 bytes), then phantom (zeros), then bit-rot in entry 2',
  )
})
