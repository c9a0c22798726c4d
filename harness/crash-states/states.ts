import { namedStream } from '../plan/stream.ts'
import { choicesOf } from './choices.ts'
import { SECTOR_BYTES } from './device-request.ts'
import { Fingerprints } from './fingerprint.ts'
import { epochsOf, type Recording } from './recording.ts'
import { type CrashState, STATE_KINDS } from './state.ts'

/** The states of a recording in the order in which they are tried, and how many were alike. */
export interface States {
  distinct: CrashState[]
  /** How many there were before those with the same image became one. */
  drawn: number
}

/** Fisher and Yates. */
function shuffle<T>(items: T[], between: (min: number, max: number) => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = between(0, last)
    ;[items[last], items[other]] = [items[other] as T, items[last] as T]
  }
}

/** One of each kind in turn, so that however few are tried, there are some of all. */
function inTurns(kinds: CrashState[][]): CrashState[] {
  const longest = Math.max(0, ...kinds.map((each) => each.length))
  return Array.from({ length: longest }, (_, i) =>
    kinds.flatMap((each) => (each[i] === undefined ? [] : [each[i] as CrashState])),
  ).flat()
}

/**
 * Every state of a recording that has an image of its own, in an order that follows from the seed. Of
 * those with the same image, the one at the latest position stands for all: it was promised most.
 */
export function statesOf(recording: Recording, seed: number, tearBytes = SECTOR_BYTES): States {
  const stream = namedStream(seed, 'states of a recording', recording.round)
  const fingerprints = new Fingerprints(recording)
  const byImage = new Map<string, CrashState>()
  let drawn = 0
  for (const epoch of epochsOf(recording)) {
    const seen = new Set<string>()
    for (const state of choicesOf(epoch, recording, stream, tearBytes)) {
      drawn += 1
      const image = fingerprints.of(state)
      // Within an epoch, the first way in which it comes about is the plainest.
      if (!seen.has(image)) byImage.set(image, state)
      seen.add(image)
    }
  }
  const all = [...byImage.values()]
  const kinds = STATE_KINDS.map((kind) => all.filter((state) => state.kind === kind))
  for (const each of kinds) shuffle(each, stream.between)
  return { distinct: inTurns(kinds), drawn }
}
