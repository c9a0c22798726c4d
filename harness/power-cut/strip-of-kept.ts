import { statesOf } from '../crash-states/states.ts'
import { type Came, type Strip, stripOf } from '../crash-states/strip.ts'
import type { KeptRecording } from './campaign-result.ts'

const VERDICTS = { passed: 'pass', failed: 'fail', 'not judged': 'inconclusive' } as const

/** The strip of a recording of a campaign, whose states were drawn from that seed and torn at so many bytes. */
export function stripOfKept(
  { recording, tried, contents, seen }: KeptRecording,
  seed: number,
  tearBytes: number,
): Strip {
  const { distinct } = statesOf(recording, seed, tearBytes)
  const digests = [...new Set(seen.flatMap((state) => state?.content ?? []))]
  const came: Came = (number) => {
    const state = seen[number - 1]
    if (state === undefined) return null
    const { content } = state
    return {
      verdict: VERDICTS[state.came],
      outcome: content === null ? null : digests.indexOf(content) + 1,
    }
  }
  return stripOf(recording, distinct, { tried, contents, came })
}
