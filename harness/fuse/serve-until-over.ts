import { readSync } from 'node:fs'

/** It is unmounted, or the connection was cut: there is nothing more to serve. */
const OVER = new Set(['ENODEV', 'ECONNABORTED', 'ENOTCONN', 'EBADF'])
const AGAIN = new Set(['EINTR', 'EAGAIN', 'ENOENT'])

/**
 * Reads one request after another from `fuse` into `bytes` and has each served, until it is unmounted. Blocks
 * its thread. Throws what `serve` throws beside the errors of a connection.
 */
export function serveUntilOver(fuse: number, bytes: Uint8Array, serve: () => void): void {
  for (;;) {
    try {
      readSync(fuse, bytes)
      serve()
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (OVER.has(code)) return
      // A request that was interrupted is gone when it is read or answered.
      if (!AGAIN.has(code)) throw error
    }
  }
}
