import { crashTest } from 'pullplug'
import { test } from 'vitest'

test('what the log acknowledged is there', async ({ signal }) => {
  const subject = new URL('./log.js', import.meta.url)
  const { sentence } = await crashTest({
    subject,
    kind: 'log',
    promise: 'durable',
    seconds: 5,
    seed: 1,
    signal,
  })
  console.log(sentence)
}, 120_000)
