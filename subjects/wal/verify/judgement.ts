import { BeyondSafePoint } from './beyond.ts'
import { Offences } from './offences.ts'

/**
 * What the frames of a log come to, one after another, against its safe point; null when that is not
 * known. The committed range ends with the frame of the safe point. It remembers no frame but the first
 * few that offend.
 */
export class Judgement {
  readonly #safeSeq: bigint | null
  readonly offences = new Offences()
  readonly beyond: BeyondSafePoint
  frames = 0
  corruptFrames = 0
  committedFrames = 0
  phantomFrames = 0
  committedBytes = 0
  maxSeq: bigint | null = null
  /** The frame of the safe point has been seen. */
  found: boolean
  #lastSeq = 0n
  #any = false
  /** A frame above the safe point, seen before the safe point's own: R2 or R4 speaks, once that is known. */
  #above: { offsetBytes: number; seq: bigint } | null = null

  constructor(safeSeq: bigint | null) {
    this.#safeSeq = safeSeq
    this.beyond = new BeyondSafePoint(safeSeq ?? 0n)
    this.found = safeSeq === 0n
  }

  /** The next complete frame; `seq` is null when its JSON is no entry's. */
  frame(start: number, end: number, seq: bigint | null): void {
    if (seq === null) {
      this.corrupt(start, end, 1)
      return
    }
    this.frames++
    if (this.maxSeq === null || seq > this.maxSeq) this.maxSeq = seq
    if (this.found || (this.#above !== null && seq !== this.#safeSeq)) this.#phantom(seq)
    else this.#entry(start, end, seq)
  }

  /** So many complete frames of one length in a row, from `start` to `end`, whose JSON is no entry's. */
  corrupt(start: number, end: number, count: number): void {
    this.corruptFrames += count
    if (this.found || this.#above !== null) {
      this.phantomFrames += count
      this.beyond.unreadable(count)
      return
    }
    this.offences.addRow(
      'NO_CORRUPT_JSON',
      start,
      { count, stepBytes: (end - start) / count },
      () => 'the frame holds no entry: its JSON does not parse, or carries no seq',
    )
    // Its place in the sequence is taken to be the one that it stands at.
    this.#lastSeq += BigInt(count)
    this.#commit(end, count)
  }

  #phantom(seq: bigint): void {
    this.phantomFrames++
    this.beyond.entry(seq)
  }

  #commit(end: number, count: number): void {
    this.#any = true
    this.committedFrames += count
    this.committedBytes = end
  }

  #entry(start: number, end: number, seq: bigint): void {
    const firstSeq = (): string => `the first frame has seq ${seq}`
    if (this.#safeSeq !== null && seq > this.#safeSeq) {
      if (!this.#any) this.offences.add('R1_FIRST_SEQ_EQ_1', start, seq, firstSeq)
      this.#above = { offsetBytes: start, seq }
      this.#any = true
      this.#phantom(seq)
      return
    }
    if (seq === this.#safeSeq) {
      this.found = true
      this.#passOver(seq)
    }
    if (!this.#any && seq !== 1n) {
      this.offences.add('R1_FIRST_SEQ_EQ_1', start, seq, firstSeq)
    } else if (seq !== this.#lastSeq + 1n) {
      const last = this.#lastSeq
      this.offences.add('R2_SEQ_CONTIGUOUS', start, seq, () => `seq ${seq} follows seq ${last}`)
    }
    this.#lastSeq = seq
    this.#commit(end, 1)
  }

  /** The safe point's frame stands behind one with a higher seq, which is then no phantom but a gap. */
  #passOver(safeSeq: bigint): void {
    if (this.#above === null) return
    const { offsetBytes, seq } = this.#above
    this.offences.add(
      'R2_SEQ_CONTIGUOUS',
      offsetBytes,
      seq,
      () => `seq ${seq} stands before the frame of the safe point ${safeSeq}`,
    )
  }
}
