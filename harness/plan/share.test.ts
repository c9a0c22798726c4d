import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_SHARE, shareOf } from './share.ts'

test('a share of any count is one of them, and each of them is some share’s', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), (count) => {
      const hit = new Set<number>()
      for (let share = 0; share <= MAX_SHARE; share += 16) hit.add(shareOf(count, share))
      expect(Math.min(...hit)).toBe(0)
      expect(shareOf(count, MAX_SHARE)).toBe(count - 1)
      expect(hit.size).toBe(count)
    }),
    { numRuns: 30 },
  )
})
