import { type DeviceRequest, PAGE_BYTES } from '../../crash-states/device-request.ts'
import { MachineError } from '../../process/machine-error.ts'
import { DeviceErrors, ERROR_WORDS } from './device-errors.ts'

/** What the device does with a write beside making it. */
export const MODE = { serve: 0, record: 1 } as const

/** Where the words that both threads see stand. */
const WORD = {
  mode: 0,
  requests: 1,
  logBytes: 2,
  flushes: 3,
  dirtyPages: 4,
  failure: 5,
  closed: 6,
} as const
const WORDS = 8
const REQUEST_WORDS = 4

/** Why the device had to refuse a request. */
export const FAILURE = { none: 0, logFull: 1, broken: 2 } as const

/** How much a device may hold, in memory that is taken as it fills. */
export interface DeviceLimits {
  requests: number
  logBytes: number
}

/** Room for none, where nothing is recorded. */
export const NO_LOG: DeviceLimits = { requests: 1, logBytes: 1 }

/** Room for a recording that is not kept: of a program that may write all that it has at each change. */
export const WIDE_LIMITS: DeviceLimits = { requests: 500_000, logBytes: 128 * 1024 * 1024 }

/** The memory of a device, as it is handed from one thread to the other. */
export interface SharedMemory {
  words: SharedArrayBuffer
  image: SharedArrayBuffer
  requests: SharedArrayBuffer
  log: SharedArrayBuffer
  dirtyPages: SharedArrayBuffer
  errors: SharedArrayBuffer
}

export function allocateMemory(sizeBytes: number, limits: DeviceLimits): SharedMemory {
  try {
    return {
      words: new SharedArrayBuffer(WORDS * 4),
      image: new SharedArrayBuffer(sizeBytes),
      requests: new SharedArrayBuffer(limits.requests * REQUEST_WORDS * 4),
      log: new SharedArrayBuffer(limits.logBytes),
      dirtyPages: new SharedArrayBuffer((sizeBytes / PAGE_BYTES) * 4),
      errors: new SharedArrayBuffer(ERROR_WORDS * 4),
    }
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `there is no memory for a device of ${sizeBytes} bytes and its log of ${limits.logBytes}`,
      'Free some memory, or lower the limits.',
      { cause },
    )
  }
}

/**
 * A device's image and log in memory that two threads share: the worker writes, and everyone reads.
 * What a count says is there is whole, for counts are raised last.
 */
export class DeviceMemory {
  readonly image: Uint8Array
  /** The errors that it is ordered to give. */
  readonly errors: DeviceErrors
  readonly #words: Int32Array
  readonly #requests: Uint32Array
  readonly #log: Uint8Array
  readonly #dirtyPages: Uint32Array
  readonly #isDirty: Uint8Array

  constructor(shared: SharedMemory) {
    this.image = new Uint8Array(shared.image)
    this.errors = new DeviceErrors(shared.errors)
    this.#words = new Int32Array(shared.words)
    this.#requests = new Uint32Array(shared.requests)
    this.#log = new Uint8Array(shared.log)
    this.#dirtyPages = new Uint32Array(shared.dirtyPages)
    this.#isDirty = new Uint8Array(this.#dirtyPages.length)
  }

  get mode(): number {
    return Atomics.load(this.#words, WORD.mode)
  }
  set mode(mode: number) {
    Atomics.store(this.#words, WORD.mode, mode)
  }

  /** How many requests the log has: the device's position. */
  get position(): number {
    return Atomics.load(this.#words, WORD.requests)
  }

  /** Flushes since the device was made, recorded or not. */
  get flushes(): number {
    return Atomics.load(this.#words, WORD.flushes)
  }

  get failure(): number {
    return Atomics.load(this.#words, WORD.failure)
  }
  set failure(failure: number) {
    Atomics.store(this.#words, WORD.failure, failure)
  }

  /** Whether the caller is the first one to close the device's descriptor, which both threads may. */
  close(): boolean {
    return Atomics.exchange(this.#words, WORD.closed, 1) === 0
  }

  /** Adds a request; false, and a failure, when there is no room for it. */
  add(kind: number, offsetBytes: number, sizeBytes: number, data?: Uint8Array): boolean {
    const position = this.position
    const dataOffset = Atomics.load(this.#words, WORD.logBytes)
    const at = position * REQUEST_WORDS
    const dataBytes = data?.length ?? 0
    if (at + REQUEST_WORDS > this.#requests.length || dataOffset + dataBytes > this.#log.length) {
      this.failure = FAILURE.logFull
      return false
    }
    this.#requests.set([kind, offsetBytes, sizeBytes, dataOffset], at)
    if (data !== undefined) this.#log.set(data, dataOffset)
    Atomics.store(this.#words, WORD.logBytes, dataOffset + dataBytes)
    Atomics.store(this.#words, WORD.requests, position + 1)
    return true
  }

  countFlush(): void {
    Atomics.add(this.#words, WORD.flushes, 1)
  }

  /** Notes the pages of a range of the image as written to. */
  markDirty(offsetBytes: number, sizeBytes: number): void {
    const last = Math.floor((offsetBytes + sizeBytes - 1) / PAGE_BYTES)
    if (Atomics.load(this.#words, WORD.dirtyPages) === 0) this.#isDirty.fill(0)
    for (let page = Math.floor(offsetBytes / PAGE_BYTES); page <= last; page++) {
      if (this.#isDirty[page] === 1) continue
      this.#isDirty[page] = 1
      const count = Atomics.load(this.#words, WORD.dirtyPages)
      this.#dirtyPages[count] = page
      Atomics.store(this.#words, WORD.dirtyPages, count + 1)
    }
  }

  /** The pages that this memory was written to in since the last call. Only while nothing is mounted. */
  takeDirtyPages(): Uint32Array {
    const pages = this.#dirtyPages.slice(0, Atomics.load(this.#words, WORD.dirtyPages))
    Atomics.store(this.#words, WORD.dirtyPages, 0)
    return pages
  }

  /** Empties the log. Only while nothing is mounted. */
  clearLog(): void {
    Atomics.store(this.#words, WORD.logBytes, 0)
    Atomics.store(this.#words, WORD.requests, 0)
  }

  /** A copy of the log's requests and of its bytes. */
  copyLog(): { requests: DeviceRequest[]; data: Uint8Array } {
    const requests = Array.from({ length: this.position }, (_, i): DeviceRequest => {
      const at = i * REQUEST_WORDS
      const [kind, offsetBytes, sizeBytes, dataOffset] = this.#requests.subarray(at, at + 4)
      return { kind, offsetBytes, sizeBytes, dataOffset } as DeviceRequest
    })
    return { requests, data: this.#log.slice(0, Atomics.load(this.#words, WORD.logBytes)) }
  }
}
