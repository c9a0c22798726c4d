import type { Struct, ValuesOf } from './struct.ts'
import { IN_HEADER, OUT_HEADER } from './structs.ts'

/** The most that one write carries. The kernel splits a larger one. */
export const MAX_WRITE_BYTES = 1024 * 1024
const REQUEST_BYTES = MAX_WRITE_BYTES + 4096

/** One request of the kernel, read in place: what it holds is valid until the next one is read. */
export class Request {
  readonly bytes = Buffer.alloc(REQUEST_BYTES)
  readonly #view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
  header = IN_HEADER.read(this.#view, 0)

  /** To be called when another request has been read into `bytes`. */
  renew(): void {
    this.header = IN_HEADER.read(this.#view, 0)
  }

  /** What stands behind the header. */
  argument<F extends Record<string, 2 | 4 | 8>>(struct: Struct<F>): ValuesOf<F> {
    return struct.read(this.#view, IN_HEADER.sizeBytes)
  }

  /** The same of any place, for what comes in numbers. */
  at<F extends Record<string, 2 | 4 | 8>>(struct: Struct<F>, at: number): ValuesOf<F> {
    return struct.read(this.#view, at)
  }

  /** The bytes behind the header and a struct. */
  behind(struct: { sizeBytes: number }): Buffer {
    return this.bytes.subarray(IN_HEADER.sizeBytes + struct.sizeBytes, this.header.len)
  }

  /** The `count` names behind the header and a struct, each ended by a zero; a character a byte (latin1). */
  names(struct: { sizeBytes: number }, count: number): string[] {
    const names = this.behind(struct).toString('latin1').split('\0').slice(0, count)
    return Array.from({ length: count }, (_, i) => names[i] ?? '')
  }
}

/** A struct for an answer with these values, and zeros in the other fields. */
export function filled<F extends Record<string, 2 | 4 | 8>>(
  struct: Struct<F>,
  values: Partial<Record<keyof F, number | bigint>>,
): Buffer {
  const body = Buffer.alloc(struct.sizeBytes)
  struct.fill(new DataView(body.buffer, body.byteOffset, body.length), 0, values)
  return body
}

/** What a struct at the beginning of an answer holds. */
export function valuesIn<F extends Record<string, 2 | 4 | 8>>(
  struct: Struct<F>,
  body: Uint8Array,
): ValuesOf<F> {
  return struct.read(new DataView(body.buffer, body.byteOffset, body.length), 0)
}

/** What stands in front of an answer; `errno` is 0 for success. */
export function answerHeader(unique: number, bodyBytes: number, errno: number): Buffer {
  const len = OUT_HEADER.sizeBytes + bodyBytes
  return filled(OUT_HEADER, { len, error: errno === 0 ? 0 : 2 ** 32 - errno, unique })
}

/** What stands in front of a notice to the kernel (enum fuse_notify_code), which answers nothing. */
export function noticeHeader(code: number, bodyBytes: number): Buffer {
  return filled(OUT_HEADER, { len: OUT_HEADER.sizeBytes + bodyBytes, error: code })
}
