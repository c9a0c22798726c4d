import type { Contents, History } from '../subject/change.ts'
import type { Finding } from './finding.ts'
import { PROMISES, type SubjectPromise } from './promises/index.ts'

/** Pairs as a map. Throws nothing: of a key that stands twice the last one counts, and `twice` names it. */
function asMap(pairs: readonly (readonly [string, string])[]): {
  values: Map<string, string>
  twice: string | undefined
} {
  const values = new Map(pairs)
  const seen = new Set<string>()
  const twice = pairs.find(([key]) => seen.size === seen.add(key).size)?.[0]
  return { values, twice }
}

/**
 * The oracle's one question: is what came back a state that the promise allows after this history? Failures
 * are named; none means that it is.
 */
export function judgeContents(
  promise: SubjectPromise,
  history: History,
  contents: Contents,
): Finding {
  const { saysOfContent, judgeEntries, judgeValues } = PROMISES[promise]
  if ('entries' in contents) return judgeEntries(history, contents.entries)
  if ('content' in contents) {
    const { content } = contents
    const values = new Map(content === null ? [] : [['', content]])
    return judgeValues(history, { values, isFile: true })
  }
  const { values, twice } = asMap(contents.pairs)
  if (twice !== undefined && saysOfContent) {
    const detail = `key ${JSON.stringify(twice.slice(0, 60))} came back twice`
    return { changes: null, failures: [{ name: 'phantom', detail }] }
  }
  return judgeValues(history, { values, isFile: false })
}
