import { readSync } from 'node:fs'

const ORDERS_FD = 0
const CHUNK_BYTES = 64 * 1024

/**
 * The lines that a child is given on its standard input, until that ends. It blocks for the next one,
 * which takes less time to arrive so than by the event loop. Meanwhile no timer runs and no promise goes on:
 * whatever was ordered is done when the next order is asked for.
 */
export function* orders(): Generator<string> {
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const decoder = new TextDecoder()
  let unfinished = ''
  for (;;) {
    const readBytes = readSync(ORDERS_FD, chunk)
    if (readBytes === 0) return
    const lines = (
      unfinished + decoder.decode(chunk.subarray(0, readBytes), { stream: true })
    ).split('\n')
    unfinished = lines.pop() ?? ''
    yield* lines
  }
}
