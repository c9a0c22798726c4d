import { crashTest } from 'pullplug'
import { test } from 'vitest'

test('what the log acknowledged is there', async ({ signal }) => {
  const subject = new URL('./log-with-bug.js', import.meta.url)
  const { sentence } = await crashTest({
    subject,
    kind: 'log',
    promise: 'durable',
    tiers: ['kill'],
    seconds: 2,
    seed: 1,
    signal,
  })
  console.log(sentence)
}, 120_000)
