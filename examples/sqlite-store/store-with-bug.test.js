import { test } from 'node:test'
import { crashTest } from 'pullplug'

test('what the store acknowledged is there', { timeout: 120_000 }, async ({ signal }) => {
  const subject = new URL('./store-with-bug.js', import.meta.url)
  const { sentence } = await crashTest({
    subject,
    kind: 'store',
    promise: 'durable',
    tiers: ['kill'],
    seconds: 2,
    seed: 1,
    signal,
  })
  console.log(sentence)
})
