/** The kernel keeps and loses what was written by pages. */
const PAGE_BYTES = 4096

/** A page as it was when it was last synced, and where in the file it begins. */
export interface Page {
  offsetBytes: number
  bytes: Buffer
}

/**
 * What each file held, before it was written to, where it has not been synced since: what is left of it when a sync
 * loses all that it covered. Its length is not lost.
 */
export class UnsyncedPages {
  readonly #files = new Map<number, Map<number, Buffer>>()

  /**
   * To be called before a range is written. `read` gives the bytes of the file from an offset on, fewer where it
   * ends.
   */
  beforeWrite(
    file: number,
    range: { offsetBytes: number; lengthBytes: number },
    read: (offsetBytes: number, lengthBytes: number) => Uint8Array,
  ): void {
    const pages = this.#files.get(file) ?? new Map<number, Buffer>()
    this.#files.set(file, pages)
    for (const at of pagesOf(range)) {
      if (pages.has(at)) continue
      const bytes = Buffer.alloc(PAGE_BYTES)
      bytes.set(read(at, PAGE_BYTES))
      pages.set(at, bytes)
    }
  }

  /** A range has become durable by itself. */
  syncedRange(file: number, range: { offsetBytes: number; lengthBytes: number }): void {
    const pages = this.#files.get(file)
    for (const at of pagesOf(range)) pages?.delete(at)
  }

  /** Behind a file's new end, nothing that it held comes back. */
  truncated(file: number, sizeBytes: number): void {
    for (const [at, bytes] of this.#files.get(file) ?? [])
      bytes.fill(0, Math.max(0, sizeBytes - at))
  }

  synced(file: number): void {
    this.#files.delete(file)
  }

  /** The pages to put back into a file of that size, whose sync has lost what it covered. */
  lose(file: number, sizeBytes: number): Page[] {
    const pages = [...(this.#files.get(file) ?? [])]
    this.#files.delete(file)
    return pages
      .filter(([at]) => at < sizeBytes)
      .map(([at, bytes]) => ({ offsetBytes: at, bytes: bytes.subarray(0, sizeBytes - at) }))
  }
}

function* pagesOf(range: { offsetBytes: number; lengthBytes: number }): Generator<number> {
  const { offsetBytes, lengthBytes } = range
  const first = offsetBytes - (offsetBytes % PAGE_BYTES)
  for (let at = first; at < offsetBytes + lengthBytes; at += PAGE_BYTES) yield at
}
