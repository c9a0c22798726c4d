import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { hasMarker, writeMarker } from './marker.ts'

test('the marker of the last entry is there, and those of others are not', () => {
  const root = temporaryDirectory()
  expect(hasMarker(root, 1)).toBe(false)
  writeMarker(root, 1)
  expect(hasMarker(root, 1)).toBe(true)
  writeMarker(root, 2)
  expect([1, 2, 20].map((entry) => hasMarker(root, entry))).toEqual([false, true, false])
})

test('a marker that cannot be read is not taken to be gone', () => {
  const root = temporaryDirectory()
  mkdirSync(join(root, 'marker'))
  expect(hasMarker(root, 1)).toBe(true)
})
