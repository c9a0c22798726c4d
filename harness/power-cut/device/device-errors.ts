import { SECTOR_BYTES } from '../../crash-states/device-request.ts'

/** What a device is asked, and how often it was by now. */
export type DeviceCounts = Record<DeviceAsk, number>

/** What a device can be asked that may fail. A zeroing never does. */
export type DeviceAsk = 'read' | 'write' | 'flush'

/** An error that a device is ordered to give. */
export interface DeviceErrorOrder {
  ask: DeviceAsk
  /** Which one from now on, counted from 1. */
  number: number
  /**
   * Whether all behind it fail as well, until the order is lifted. Where not, one write or flush fails; of a read the
   * range stays unreadable, since the kernel asks again for what it could not read, and would hide a single failure.
   */
  lasts: boolean
}

const ASK_WORD: Readonly<Record<DeviceAsk, number>> = { read: 0, write: 1, flush: 2 }
const WORD = { ordered: 3, at: 4, lasts: 5, struck: 6, badFrom: 7, badUntil: 8 } as const
export const ERROR_WORDS = 9
/** In the place of an order. */
const NOTHING = 0

/** The orders of a device, and what came of them, in words that two threads share: the worker obeys, the other orders. */
export class DeviceErrors {
  readonly #words: Int32Array

  constructor(shared: SharedArrayBuffer) {
    this.#words = new Int32Array(shared)
  }

  /** How often the device was asked each thing since it was made. */
  get counts(): DeviceCounts {
    const of = (ask: DeviceAsk): number => Atomics.load(this.#words, ASK_WORD[ask])
    return { read: of('read'), write: of('write'), flush: of('flush') }
  }

  /** How often the device has answered EIO since it was last ordered to. */
  get struck(): number {
    return Atomics.load(this.#words, WORD.struck)
  }

  /** Orders an error, in place of the one before. */
  order({ ask, number, lasts }: DeviceErrorOrder): void {
    this.lift()
    this.#set(WORD.at, this.counts[ask] + number)
    this.#set(WORD.lasts, lasts ? 1 : 0)
    this.#set(WORD.badFrom, 0)
    this.#set(WORD.badUntil, 0)
    this.#set(WORD.struck, 0)
    // Last of all, for from here on the worker obeys.
    this.#set(WORD.ordered, ASK_WORD[ask] + 1)
  }

  /** Ends the error; what it struck stays counted. */
  lift(): void {
    this.#set(WORD.ordered, NOTHING)
  }

  /** Counts a request, and says whether it is to fail. For the worker. */
  meets(ask: DeviceAsk, offsetBytes: number, sizeBytes: number): boolean {
    const count = Atomics.add(this.#words, ASK_WORD[ask], 1) + 1
    if (Atomics.load(this.#words, WORD.ordered) !== ASK_WORD[ask] + 1) return false
    const [from, until] = [offsetBytes, offsetBytes + sizeBytes].map((at) => at / SECTOR_BYTES)
    const at = Atomics.load(this.#words, WORD.at)
    if (count < at) return false
    if (count === at && ask === 'read') {
      this.#set(WORD.badFrom, from as number)
      this.#set(WORD.badUntil, until as number)
    }
    const lasts = Atomics.load(this.#words, WORD.lasts) === 1
    if (count > at && !lasts && !this.#isBad(from as number, until as number)) return false
    Atomics.add(this.#words, WORD.struck, 1)
    return true
  }

  /** Whether a range, in sectors, is unreadable in part. */
  #isBad(from: number, until: number): boolean {
    const [badFrom, badUntil] = [WORD.badFrom, WORD.badUntil].map((at) =>
      Atomics.load(this.#words, at),
    ) as [number, number]
    return from < badUntil && until > badFrom
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, word, value)
  }
}
