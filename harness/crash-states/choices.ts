import type { Stream } from '../plan/stream.ts'
import type { Epoch, Recording } from './recording.ts'
import type { CrashState, StateKind, Tear } from './state.ts'

/** Up to so many writes in flight, every subset of them is a state. */
const FEW_WRITES = 5
/** Of more, so many subsets are drawn. */
const DRAWN_SUBSETS = 16
/** Up to so many units, a write is torn at every one of them; a longer one at so many drawn. */
const FEW_UNITS = 8
const DRAWN_TEARS = 6

function everySubset(writes: number[]): number[][] {
  return Array.from({ length: 2 ** writes.length }, (_, bits) =>
    writes.filter((_, i) => (bits >> i) & 1),
  )
}

function drawnSubsets(writes: number[], stream: Stream): number[][] {
  return Array.from({ length: DRAWN_SUBSETS }, () =>
    writes.filter(() => stream.between(0, 1) === 1),
  )
}

/** Where a write of so many units is torn: after its first ones, or before its last ones. */
function tearsOf(request: number, sizeBytes: number, unitBytes: number, stream: Stream): Tear[] {
  const units = Math.ceil(sizeBytes / unitBytes)
  if (units < 2) return []
  const every = Array.from({ length: units - 1 }, (_, i) => i + 1)
  const drawn = Array.from({ length: DRAWN_TEARS }, () => stream.between(1, units - 1))
  const at = units <= FEW_UNITS ? every : [...new Set([1, units - 1, ...drawn])]
  return at.flatMap((unit): Tear[] => [
    { request, fromBytes: 0, toBytes: unit * unitBytes },
    { request, fromBytes: unit * unitBytes, toBytes: sizeBytes },
  ])
}

/**
 * What the disk can hold when the power is cut in an epoch: all prefixes of its writes; every subset of
 * them when they are few, a sample when they are many; only one, and all but one; and each of them torn,
 * as the last one that reached the disk, and among all the others. Some of these are alike.
 */
export function* choicesOf(
  epoch: Epoch,
  { requests }: Recording,
  stream: Stream,
  tearBytes: number,
): Generator<CrashState> {
  const { writes } = epoch
  const state = (kind: StateKind, kept: number[], tear: Tear | null = null): CrashState => ({
    kind,
    epoch,
    kept,
    tear,
  })
  for (let length = 0; length <= writes.length; length++) {
    yield state('prefix', writes.slice(0, length))
  }
  for (const write of writes) {
    yield state('only-one', [write])
    yield state(
      'all-but-one',
      writes.filter((each) => each !== write),
    )
  }
  const few = writes.length <= FEW_WRITES
  for (const kept of few ? everySubset(writes) : drawnSubsets(writes, stream)) {
    yield state('subset', kept)
  }
  for (const [index, write] of writes.entries()) {
    const sizeBytes = requests[write]?.sizeBytes ?? 0
    for (const tear of tearsOf(write, sizeBytes, tearBytes, stream)) {
      yield state('torn', writes.slice(0, index + 1), tear)
      yield state('torn', writes, tear)
    }
  }
}
