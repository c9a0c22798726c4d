import pLimit from 'p-limit'

/**
 * Makes all of `works`, at most `atOnce` at a time, and returns what they gave in their own order. When
 * one throws, no other is begun, and its error is thrown once none runs any more.
 */
export async function together<T>(atOnce: number, works: (() => Promise<T>)[]): Promise<T[]> {
  const limit = pLimit({ concurrency: atOnce, rejectOnClear: true })
  const running = works.map((work) =>
    limit(work).catch((error: unknown) => {
      limit.clearQueue()
      throw error
    }),
  )
  const first = Promise.all(running)
  await Promise.allSettled(running)
  return await first
}
