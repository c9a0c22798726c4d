import { fstatSync, readSync, writeSync, writevSync } from 'node:fs'
import { filled, noticeHeader, type Request } from '../fuse/request.ts'
import { FSYNC_IN, NOTIFY_INVAL_INODE_OUT, WRITE_IN } from '../fuse/structs.ts'
import { FALLOCATE } from './served/files.ts'
import type { Draft } from './served/row.ts'
import { UnsyncedPages } from './unsynced-pages.ts'

const NOTIFY_INVAL_INODE = 2

/** Keeps what writes replace until it is synced, for a sync that is to lose them. */
export class LostWrites {
  readonly #pages = new UnsyncedPages()
  readonly #fuse: number
  readonly #request: Request

  constructor(fuse: number, request: Request) {
    this.#fuse = fuse
    this.#request = request
  }

  /** To be called before an operation is done. */
  before({ kind, file, offsetBytes, lengthBytes, mode }: Draft): void {
    const zeroes = (mode & (FALLOCATE.punchHole | FALLOCATE.zeroRange)) !== 0
    if (kind !== 'write' && !(kind === 'fallocate' && zeroes)) return
    // Both structs begin with the handle.
    const { fh } = this.#request.argument(WRITE_IN)
    this.#pages.beforeWrite(file, { offsetBytes, lengthBytes }, (at, size) => {
      const bytes = Buffer.alloc(size)
      return bytes.subarray(0, readSync(fh, bytes, 0, size, at))
    })
  }

  /** To be called when it is done. */
  after({ kind, file, offsetBytes, lengthBytes, synced }: Draft): void {
    if (kind === 'write' && synced) this.#pages.syncedRange(file, { offsetBytes, lengthBytes })
    if (kind === 'truncate') this.#pages.truncated(file, lengthBytes)
    if (kind === 'open-truncate') this.#pages.truncated(file, 0)
    if (kind === 'fsync') this.#pages.synced(file)
  }

  /**
   * Puts back what the file of a sync had before the writes that it covers. The kernel is to forget what it has
   * cached of the file: its cached pages were written to before the sync was asked for, so it has none to wait for.
   */
  lose(file: number): void {
    const { fh } = this.#request.argument(FSYNC_IN)
    for (const { offsetBytes, bytes } of this.#pages.lose(file, fstatSync(fh).size)) {
      writeSync(fh, bytes, 0, bytes.length, offsetBytes)
    }
    const notice = filled(NOTIFY_INVAL_INODE_OUT, { ino: this.#request.header.nodeid })
    try {
      writevSync(this.#fuse, [noticeHeader(NOTIFY_INVAL_INODE, notice.length), notice])
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}
