import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { holdLimit } from './limit.ts'

test('gives up once when the time is over', async () => {
  let times = 0
  const held = holdLimit({ timeoutMs: 1 }, () => times++)
  while (times === 0) await sleep(1)
  expect([times, held.givenUp]).toEqual([1, true])
  held.lift()
})

test.each(['before', 'after'])('gives up when the signal is aborted %s it is held', (when) => {
  const controller = new AbortController()
  let times = 0
  if (when === 'before') controller.abort()
  const held = holdLimit({ timeoutMs: 60_000, signal: controller.signal }, () => times++)
  controller.abort()
  expect([times, held.givenUp]).toEqual([1, true])
  held.lift()
})

test('gives nothing up once it is lifted', () => {
  const controller = new AbortController()
  let times = 0
  const held = holdLimit({ timeoutMs: 60_000, signal: controller.signal }, () => times++)
  held.lift()
  controller.abort()
  expect([times, held.givenUp]).toEqual([0, false])
})
