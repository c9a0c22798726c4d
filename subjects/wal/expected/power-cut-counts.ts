import { promisedAt, type Recording } from '../../../harness/crash-states/recording.ts'
import { isCompared, isInFull } from '../../../harness/crash-states/sampling.ts'
import {
  type CrashState,
  STATE_KINDS,
  type StateKind,
} from '../../../harness/crash-states/state.ts'
import { readableWithoutMount } from '../../../harness/power-cut/without-mount.ts'

/** What follows from which states of a recording were tried. */
export interface StateCounts {
  byKind: Record<StateKind, number>
  inFull: number
  /** Those in which the unsynced marker could have been. */
  marked: number
  /** Those whose files are also read without the kernel, when their round is a campaign's first. */
  compared: number
}

export function noStates(): StateCounts {
  const byKind = Object.fromEntries(STATE_KINDS.map((kind) => [kind, 0])) as StateCounts['byKind']
  return { byKind, inFull: 0, marked: 0, compared: 0 }
}

/** Counts the first `tried` states of a recording, in the order in which they are tried. */
export function countStates(
  recording: Recording,
  distinct: readonly CrashState[],
  tried: number,
): StateCounts {
  const counts = noStates()
  const comparable = readableWithoutMount(recording)
  for (const [index, { kind, epoch }] of distinct.slice(0, tried).entries()) {
    const id = { round: recording.round, number: index + 1 }
    counts.byKind[kind] += 1
    if (isInFull(id)) counts.inFull += 1
    if (promisedAt(recording, epoch.endPosition).marked > 0) counts.marked += 1
    if (comparable && isCompared(id)) counts.compared += 1
  }
  return counts
}
