import type { Contents } from '../change.ts'

/** The first thing that two contents differ in; null is nothing there. */
export interface Difference {
  sent: string | null
  cameBack: string | null
}

function firstOf(sent: readonly string[], cameBack: readonly string[]): Difference {
  const length = Math.max(sent.length, cameBack.length)
  let at = 0
  while (at < length && sent[at] === cameBack[at]) at++
  return { sent: sent[at] ?? null, cameBack: cameBack[at] ?? null }
}

/** Where what came back first differs from what was sent; both are of one kind. */
export function firstDifference(sent: Contents, cameBack: Contents): Difference {
  if ('entries' in sent && 'entries' in cameBack) return firstOf(sent.entries, cameBack.entries)
  if ('content' in sent && 'content' in cameBack) {
    return { sent: sent.content, cameBack: cameBack.content }
  }
  if (!('pairs' in sent && 'pairs' in cameBack)) return { sent: null, cameBack: null }
  const wanted = new Map(sent.pairs)
  const seen = new Map(cameBack.pairs)
  const keys = [...new Set([...wanted.keys(), ...seen.keys()])]
  const key = keys.find((each) => wanted.get(each) !== seen.get(each))
  if (key === undefined) return { sent: null, cameBack: null }
  return { sent: wanted.get(key) ?? null, cameBack: seen.get(key) ?? null }
}
