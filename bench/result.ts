/** One line of the benchmark: what was measured, against what, and how they compare. */
export interface BenchResult {
  what: string
  figure: string
  baseline: string
  /** The speed of what was measured as a share of the baseline's: higher is better. */
  ratio: number
  /** The ratio that the project holds itself to. */
  wanted: number
  note?: string
}
