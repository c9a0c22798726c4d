import { test } from 'node:test'
import { crashTest } from 'pullplug'

test('what the store acknowledged is there', { timeout: 120_000 }, async ({ signal }) => {
  const subject = new URL('./store.js', import.meta.url)
  const { sentence } = await crashTest({
    subject,
    kind: 'store',
    promise: 'durable',
    tiers: ['kill', 'power-cut'],
    seconds: 5,
    seed: 1,
    signal,
  })
  console.log(sentence)
})
