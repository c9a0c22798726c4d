const LOOK_MS = 500

/**
 * Calls `onGone` when the test runner that started this process is gone, which would otherwise go on alone: one that
 * keeps a channel to it, as vitest does, or node:test, whose child this is. Returns what calls that off.
 */
export function whenRunnerGone(onGone: () => void): () => void {
  const parent = process.ppid
  const isOfNodeTest = process.env.NODE_TEST_CONTEXT !== undefined
  const look = (): void => {
    if (process.ppid !== parent) onGone()
  }
  const looking = isOfNodeTest ? setInterval(look, LOOK_MS).unref() : undefined
  if (process.connected) process.once('disconnect', onGone)
  return () => {
    clearInterval(looking)
    process.off('disconnect', onGone)
  }
}
