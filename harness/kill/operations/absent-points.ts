import type { OperationResult } from './kill-at-operation.ts'

/** The results of kills, and how many points there were besides that did not come. */
export interface CameAndAbsent<Result> {
  came: Result[]
  absent: number
}

/**
 * Takes the points that did not come from the results: a program with threads does not make the same operations each
 * time, and what it did not do says nothing of it. Where most did not come, nothing is taken: too little was tried then.
 */
export function withoutAbsent<Result extends OperationResult>(
  results: readonly Result[],
): CameAndAbsent<Result> {
  const came = results.filter((result) => result.came)
  const isEnough = came.length * 2 >= results.length
  return isEnough
    ? { came, absent: results.length - came.length }
    : { came: [...results], absent: 0 }
}
