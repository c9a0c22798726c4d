/** Failures that are alike in cause: the first of them, which stands for all, and how many there are. */
export interface Alike<T> {
  first: T
  all: T[]
  count: number
}

/** Sorts failures by their cause, in the order in which the causes were first seen. */
export function byCause<T>(failures: readonly T[], causeOf: (failure: T) => string): Alike<T>[] {
  const causes = new Map<string, Alike<T>>()
  for (const failure of failures) {
    const cause = causeOf(failure)
    const known = causes.get(cause)
    if (known === undefined) causes.set(cause, { first: failure, all: [failure], count: 1 })
    else {
      known.all.push(failure)
      known.count += 1
    }
  }
  return [...causes.values()]
}
