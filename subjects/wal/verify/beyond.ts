/**
 * What stands in a log that no safe point commits, one frame after another. A crash leaves at most one
 * whole frame there that follows the committed ones.
 */
export class BeyondSafePoint {
  readonly #safeSeq: bigint
  /** Frames that hold an entry; the first and the last seq in them. */
  entries = 0
  firstSeq: bigint | null = null
  lastSeq: bigint | null = null
  /** The most entries above the safe point that follow one another; one that can't be read keeps its place. */
  inARow = 0
  #row = 0
  #unreadable = 0

  constructor(safeSeq: bigint) {
    this.#safeSeq = safeSeq
  }

  unreadable(count: number): void {
    this.#unreadable += count
  }

  entry(seq: bigint): void {
    const before = this.lastSeq ?? this.#safeSeq
    const follows = seq - before === BigInt(this.#unreadable + 1)
    if (seq <= this.#safeSeq) this.#row = 0
    else if (follows) this.#row++
    else this.#row = 1
    if (this.#row > this.inARow) this.inARow = this.#row
    this.#unreadable = 0
    this.entries++
    this.firstSeq ??= seq
    this.lastSeq = seq
  }
}
