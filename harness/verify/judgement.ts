import type { Offence, Rule } from './report.ts'

/**
 * What the frames of a log come to, one after another, against its safe point; null when that is not
 * known. The committed range ends with the frame of the safe point.
 */
export class Judgement {
  readonly #safeSeq: bigint | null
  readonly offences: Offence[] = []
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
    this.found = safeSeq === 0n
  }

  /** The next complete frame; `seq` is null when its JSON is no entry's. */
  frame(start: number, end: number, seq: bigint | null): void {
    if (seq === null) this.corruptFrames++
    else {
      this.frames++
      if (this.maxSeq === null || seq > this.maxSeq) this.maxSeq = seq
    }
    if (this.found) {
      this.phantomFrames++
      return
    }
    if (this.#above !== null && seq !== this.#safeSeq) {
      this.phantomFrames++
      return
    }
    this.#committed(start, end, seq)
  }

  #committed(start: number, end: number, seq: bigint | null): void {
    const first = !this.#any
    this.#any = true
    if (seq === null) {
      this.#offend(
        'NO_CORRUPT_JSON',
        start,
        null,
        'the frame holds no entry: its JSON does not parse, or carries no seq',
      )
      // Its place in the sequence is taken to be the one that it stands at.
      this.#lastSeq++
    } else if (this.#safeSeq !== null && seq > this.#safeSeq) {
      if (first) this.#offend('R1_FIRST_SEQ_EQ_1', start, seq, `the first frame has seq ${seq}`)
      this.#above = { offsetBytes: start, seq }
      this.phantomFrames++
      return
    } else {
      if (first && seq !== 1n) {
        this.#offend('R1_FIRST_SEQ_EQ_1', start, seq, `the first frame has seq ${seq}`)
      } else if (seq !== this.#lastSeq + 1n) {
        this.#offend('R2_SEQ_CONTIGUOUS', start, seq, `seq ${seq} follows seq ${this.#lastSeq}`)
      }
      this.#lastSeq = seq
    }
    this.committedFrames++
    this.committedBytes = end
    if (seq !== null && seq === this.#safeSeq) {
      this.found = true
      if (this.#above !== null) {
        const { offsetBytes, seq: above } = this.#above
        this.#offend(
          'R2_SEQ_CONTIGUOUS',
          offsetBytes,
          above,
          `seq ${above} stands before the frame of the safe point ${seq}`,
        )
      }
    }
  }

  #offend(rule: Rule, offsetBytes: number, seq: bigint | null, detail: string): void {
    this.offences.push({ rule, offsetBytes, seq: seq === null ? null : String(seq), detail })
  }
}
