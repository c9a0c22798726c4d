/** The part of the FUSE protocol (linux/fuse.h, version 7.31) that serves one regular file. */

/** The file's own number: a FUSE mount on a regular file has nothing but its root. */
export const ROOT_NODE = 1

const IN_HEADER_BYTES = 40
const OUT_HEADER_BYTES = 16
const WRITE_IN_BYTES = 40
export const MAX_WRITE_BYTES = 1024 * 1024
const MAX_PAGES = 256
const REQUEST_BYTES = MAX_WRITE_BYTES + 4096
const READ_AHEAD_BYTES = 128 * 1024

const INIT_ASYNC_READ = 1 << 0
const INIT_BIG_WRITES = 1 << 5
const INIT_WRITEBACK_CACHE = 1 << 16
const INIT_MAX_PAGES = 1 << 22
const INIT_EXTENDED = 1 << 30
/** Of the second word of flags: the kernel cuts the connection when an answer is overdue (Linux 6.15). */
const INIT2_REQUEST_TIMEOUT = 1 << 10
const REQUEST_TIMEOUT_SECONDS = 15
const NOTIFY_INVAL_INODE = 2
const NOTIFY_STORE = 4
const REGULAR_FILE_0600 = 0o100600
const ATTRIBUTES_VALID_SECONDS = 3600n

/** One request of the kernel, read in place. */
export class FuseRequest {
  readonly bytes = new Uint8Array(REQUEST_BYTES)
  readonly #words = new Uint32Array(this.bytes.buffer)
  readonly #longs = new BigUint64Array(this.bytes.buffer)

  get opcode(): number {
    return this.#words[1] as number
  }
  get unique(): bigint {
    return this.#longs[1] as bigint
  }
  /** Of an init: what the kernel offers. */
  get offered(): { flags: number; flags2: number } {
    const [flags = 0, flags2 = 0] = this.#words.subarray(13, 15)
    return { flags, flags2 }
  }
  /** Of a read, a write and a fallocate: where in the file. */
  get offsetBytes(): number {
    return Number(this.#longs[6])
  }
  /** Of a read and a write. */
  get sizeBytes(): number {
    return this.#words[14] as number
  }
  /** Of a write. */
  get data(): Uint8Array {
    const from = IN_HEADER_BYTES + WRITE_IN_BYTES
    return this.bytes.subarray(from, from + this.sizeBytes)
  }
  /** Of a fallocate. */
  get lengthBytes(): number {
    return Number(this.#longs[7])
  }
}

/** The head of an answer, and below it what `fill` puts there in words of 4 and of 8 bytes. */
function answer(
  bodyBytes: number,
  fill: (words: Uint32Array, longs: BigUint64Array) => void,
): Uint8Array {
  const body = new Uint8Array(bodyBytes)
  fill(new Uint32Array(body.buffer), new BigUint64Array(body.buffer, 0, bodyBytes >> 3))
  return body
}

export function headerOf(unique: bigint, bodyBytes: number, errno = 0): Uint8Array {
  return answer(OUT_HEADER_BYTES, (words, longs) => {
    words[0] = OUT_HEADER_BYTES + bodyBytes
    words[1] = -errno
    longs[1] = unique
  })
}

/**
 * The answer to the first request; unless all is to come in order, the kernel is to keep writes back. A
 * process that is killed in the middle of a mount keeps /dev/fuse open, waiting for what nobody serves
 * any more: where the kernel can, it is to end that by itself.
 */
export function initBody(
  offered: { flags: number; flags2: number },
  { inOrder, readsAhead }: { inOrder: boolean; readsAhead: boolean },
): Uint8Array {
  const limits = offered.flags & INIT_EXTENDED && offered.flags2 & INIT2_REQUEST_TIMEOUT
  return answer(64, (words) => {
    const flags =
      INIT_ASYNC_READ |
      INIT_BIG_WRITES |
      INIT_MAX_PAGES |
      (inOrder ? 0 : INIT_WRITEBACK_CACHE) |
      (limits ? INIT_EXTENDED : 0)
    const halves = new Uint16Array(words.buffer)
    words.set([7, 31, readsAhead ? READ_AHEAD_BYTES : 0, flags])
    halves.set([16, 12], 8)
    words.set([MAX_WRITE_BYTES, 1], 5)
    halves[14] = MAX_PAGES
    if (!limits) return
    words[8] = INIT2_REQUEST_TIMEOUT
    halves[20] = REQUEST_TIMEOUT_SECONDS
  })
}

export function attributesBody(sizeBytes: number): Uint8Array {
  return answer(104, (words, longs) => {
    longs[0] = ATTRIBUTES_VALID_SECONDS
    longs.set([BigInt(ROOT_NODE), BigInt(sizeBytes), BigInt(sizeBytes / 512)], 2)
    words.set([REGULAR_FILE_0600, 1], 19)
    words[24] = 4096
  })
}

export function statfsBody(sizeBytes: number): Uint8Array {
  return answer(80, (words, longs) => {
    longs[0] = BigInt(sizeBytes / 4096)
    words.set([4096, 255, 4096], 10)
  })
}

export function writtenBody(sizeBytes: number): Uint8Array {
  return answer(8, (words) => {
    words[0] = sizeBytes
  })
}

const NOTICE_BYTES = OUT_HEADER_BYTES + 24

/** Tells the kernel to forget what it has cached of a range of the file. */
export function forgetRange(offsetBytes: number, sizeBytes: number): Uint8Array {
  return answer(NOTICE_BYTES, (words, longs) => {
    words[0] = NOTICE_BYTES
    words[1] = NOTIFY_INVAL_INODE
    longs.set([0n, BigInt(ROOT_NODE), BigInt(offsetBytes), BigInt(sizeBytes)], 1)
  })
}

/** Puts bytes in the kernel's cache of the file: what follows this is taken for the range's. */
export function storeRange(offsetBytes: number, sizeBytes: number): Uint8Array {
  return answer(NOTICE_BYTES, (words, longs) => {
    words[0] = NOTICE_BYTES + sizeBytes
    words[1] = NOTIFY_STORE
    longs.set([0n, BigInt(ROOT_NODE), BigInt(offsetBytes)], 1)
    words[8] = sizeBytes
  })
}
