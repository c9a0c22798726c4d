import pLimit from 'p-limit'

/**
 * Makes all of `works`, at most `atOnce` at a time, and returns what they gave in their own order. When
 * one throws, no other is begun, and its error is thrown once none runs any more.
 */
export async function together<T>(atOnce: number, works: (() => Promise<T>)[]): Promise<T[]> {
  const limit = pLimit(atOnce)
  const results: T[] = []
  let failure: { error: unknown } | undefined
  const make = async (work: () => Promise<T>, index: number): Promise<void> => {
    if (failure !== undefined) return
    try {
      results[index] = await work()
    } catch (error) {
      failure ??= { error }
    }
  }
  await Promise.all(works.map((work, index) => limit(make, work, index)))
  if (failure !== undefined) throw (failure as { error: unknown }).error
  return results
}
