import type { Offence } from './report.ts'

/** How many offences a report tells of; the others are only counted. */
export const MOST_OFFENCES = 10

/** How many offences there were, which rules they break, and the first of them by their place. */
export class Offences {
  count = 0
  readonly broken = new Set<Offence['rule']>()
  readonly first: Offence[] = []

  /** Counts one; `detail` is asked only where it is told. */
  add(rule: Offence['rule'], offsetBytes: number, seq: bigint | null, detail: () => string): void {
    this.count++
    this.broken.add(rule)
    if (this.first.length === MOST_OFFENCES) return
    this.first.push({ rule, offsetBytes, seq: seq === null ? null : String(seq), detail: detail() })
  }

  /** Counts so many of the same kind, in places that lie `stepBytes` behind one another. */
  addRow(
    rule: Offence['rule'],
    offsetBytes: number,
    row: { count: number; stepBytes: number },
    detail: () => string,
  ): void {
    const told = Math.min(row.count, MOST_OFFENCES)
    for (let i = 0; i < told; i++) this.add(rule, offsetBytes + i * row.stepBytes, null, detail)
    this.count += row.count - told
  }
}
