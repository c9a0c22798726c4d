import type { ChangeRange } from './part-of-history.ts'

/** How many changes smaller parts have, in the order in which they are tried. */
const SIZES = [1, 2, 3, 5, 8, 13, 21, 34] as const

/**
 * Smaller parts of the first `sent` changes of a history, the smallest first: of each size the one that ends with
 * `last` (counted from 1) or so many changes behind it, and the beginning.
 */
export function smallerParts(sent: number, last: number, behind = 0): ChangeRange[] {
  return SIZES.filter((size) => size < sent).flatMap((size) => {
    const ends = Array.from({ length: Math.min(behind + 1, size) }, (_, at) => last + at)
    const parts = [...ends, size]
      .map((to) => ({ from: to - size + 1, to }))
      .filter(({ from, to }) => from >= 1 && to <= sent)
    return parts.filter((part, at) => parts.findIndex(({ to }) => to === part.to) === at)
  })
}

const isSame = (one: ChangeRange, other: ChangeRange): boolean =>
  one.from === other.from && one.to === other.to

/**
 * The smallest part that `fails`, of those that are tried in their order, and then of that one without its first or its
 * last change as long as that fails too. Null where none does; stops when `isOver`.
 */
export async function smallestPart<T>(
  parts: readonly ChangeRange[],
  fails: (part: ChangeRange) => Promise<T | null>,
  isOver: () => boolean,
): Promise<T | null> {
  const tried: ChangeRange[] = []
  const firstOf = async (candidates: readonly ChangeRange[]) => {
    for (const part of candidates) {
      if (isOver()) return null
      if (tried.some((other) => isSame(part, other))) continue
      tried.push(part)
      const found = await fails(part)
      if (found !== null) return { part, found }
    }
    return null
  }
  let smallest = await firstOf(parts)
  for (let smaller = smallest; smaller !== null; ) {
    smallest = smaller
    const { from, to } = smallest.part
    const without = [
      { from: from + 1, to },
      { from, to: to - 1 },
    ]
    smaller = await firstOf(without.filter((part) => part.from <= part.to))
  }
  return smallest?.found ?? null
}
