import type { ReportCoverage } from '../model.ts'

/** How many distinct ones there were among the first cases: a point for each that was new, and one at the end. */
export function coverageOf(of: string, outcomes: readonly unknown[]): ReportCoverage | null {
  if (outcomes.length === 0) return null
  const seen = new Set<unknown>()
  const points: ReportCoverage['points'] = [{ tried: 0, distinct: 0 }]
  for (const [index, outcome] of outcomes.entries()) {
    if (seen.has(outcome)) continue
    seen.add(outcome)
    points.push({ tried: index + 1, distinct: seen.size })
  }
  if (points.at(-1)?.tried !== outcomes.length) {
    points.push({ tried: outcomes.length, distinct: seen.size })
  }
  return { of, points }
}
