import { readSync, writeSync } from 'node:fs'
import { ANSWERS_FD } from './answers.ts'

const ORDERS_FD = 0
const CHUNK_BYTES = 64 * 1024

/**
 * Blocks for the next bytes. Null where its input no longer blocks: an import of `node:process` reads every property
 * of `process`, and `process.stdin` makes it so.
 */
function readBlocking(chunk: Uint8Array): number | null {
  try {
    return readSync(ORDERS_FD, chunk)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null
    throw error
  }
}

/**
 * The lines that a child is given on its standard input, until that ends. It blocks for the next one, which
 * takes less time to arrive so than by the event loop, as long as `blocks` says and its input lets it. Meanwhile no
 * timer runs and no promise goes on: whatever was ordered is done when the next order is asked for. From then on the
 * event loop runs while it waits.
 */
async function* orders(blocks: () => boolean): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let unfinished = ''
  const linesOf = (bytes: Uint8Array): string[] => {
    const lines = (unfinished + decoder.decode(bytes, { stream: true })).split('\n')
    unfinished = lines.pop() ?? ''
    return lines
  }
  const chunk = Buffer.alloc(CHUNK_BYTES)
  while (blocks()) {
    const readBytes = readBlocking(chunk)
    if (readBytes === null) break
    if (readBytes === 0) return
    yield* linesOf(chunk.subarray(0, readBytes))
  }
  for await (const bytes of process.stdin) yield* linesOf(bytes as Buffer)
}

/** Writes all of an answer: a pipe takes a large one in parts. */
function say(answer: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`)
  for (let doneBytes = 0; doneBytes < bytes.length; ) {
    doneBytes += writeSync(ANSWERS_FD, bytes, doneBytes)
  }
}

/**
 * What a child does that is kept: each line of its standard input is an order in JSON, and is answered by a line on
 * a descriptor of its own, so that what its subject prints harms nothing. It blocks for the next order as long as
 * `blocks` says. Returns when its input ends; throws what `answer` throws.
 */
export async function answerOrders<Order, Answer>(
  answer: (order: Order) => Answer | Promise<Answer>,
  blocks: () => boolean,
): Promise<void> {
  for await (const line of orders(blocks)) say(await answer(JSON.parse(line) as Order))
}
