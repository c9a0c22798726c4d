import type { StruckHistory } from '../oracle/judge-after-error.ts'
import type { SubjectPromise } from '../oracle/promises/index.ts'
import type { Operation } from '../passthrough/operation.ts'
import { type Entry, rebuild } from '../passthrough/rebuild.ts'
import { whatIsSynced } from '../passthrough/what-is-synced.ts'
import { writeTree } from '../passthrough/write-tree.ts'
import type { SentChange } from '../subject/change.ts'
import { promiseFor } from '../subject/promise.ts'
import { type ErrorScene, type LookedAt, lookAt } from './look-at.ts'
import { weaker } from './promise-under.ts'

/** The power that fails behind a change that was acknowledged. */
export interface PowerCut {
  history: SentChange[]
  /** Where the error struck the whole history; null where there was none. */
  struck: StruckHistory | null
  /** What is promised under the error. */
  promise: SubjectPromise
  /** How many operations had been seen by then. */
  seen: number
  /** What the directory that is served held before the history, and what was done there. */
  before: ReadonlyMap<string, Entry>
  operations: readonly Operation[]
}

/** Looks at what is left where the power fails: what was not synced is gone. Null where that can't be made. */
export async function lookBehindCut(
  scene: ErrorScene,
  { history, struck, promise, seen, before, operations }: PowerCut,
): Promise<LookedAt | null> {
  const { subject, lane } = scene
  const tree = rebuild(whatIsSynced(operations.slice(0, seen)), before)
  if ([...tree.values()].some(({ is }) => is === 'pipe' || is === 'socket')) return null
  if (scene.looksAgain) await lane.talker.stop()
  lane.vacate()
  writeTree(lane.served.backing, tree)
  const looked = await lookAt(scene, {
    history,
    struck,
    promise: weaker(promise, promiseFor(subject.description.promises, 'power-cut')),
    inFull: false,
  })
  const failures = looked.failures.map(({ name, detail }) => ({
    name,
    detail: `with the power cut behind it: ${detail}`,
  }))
  return { ...looked, failures }
}
