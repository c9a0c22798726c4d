import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { LARGEST_BYTES, Neighbour } from './neighbour.ts'

test('a neighbour that goes on for long begins its file again, and does not fill the volume', async () => {
  const directory = temporaryDirectory()
  const neighbour = new Neighbour(directory)
  const sizeBytes = (): number =>
    statSync(join(directory, 'neighbour'), { throwIfNoEntry: false })?.size ?? 0
  let largestBytes = 0
  while (!neighbour.ended && sizeBytes() >= largestBytes) {
    largestBytes = sizeBytes()
    await setImmediate()
  }
  await neighbour.stop()
  expect(largestBytes).toBeGreaterThan(LARGEST_BYTES / 2)
  expect(largestBytes).toBeLessThanOrEqual(LARGEST_BYTES)
})
