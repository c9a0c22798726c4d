import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { holdLimit, type Limit } from './limit.ts'
import type { RunningScript } from './start-script.ts'

/** All that a script said until its end, and how it ended. */
export interface HeardOut {
  told: string
  exitCode: number | null
  endedBy: NodeJS.Signals | null
  /** Whether it was killed since its time was over. */
  givenUp: boolean
}

/** Gives a script all of its orders and hears it to its end. Throws what the limit's signal was aborted with. */
export async function hearOut(
  { child, orders, answers }: RunningScript,
  input: string,
  limit: Limit,
): Promise<HeardOut> {
  const held = holdLimit(limit, () => child.kill('SIGKILL'))
  orders.end(input)
  const over = Promise.all([text(answers), once(child, 'close')])
  const [told, [exitCode, endedBy]] = await over.finally(() => held.lift())
  limit.signal?.throwIfAborted()
  return { told, exitCode, endedBy, givenUp: held.givenUp }
}
