import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The file that it writes. */
export const NEIGHBOUR_FILE = 'neighbour'

const WRITE_BYTES = 6000
const WRITES_BEFORE_SYNC = 3
/** However long the subject takes, the volume is not to be full: the file is emptied and begun again. */
export const LARGEST_BYTES = 1024 * 1024
/** Nor is its recording to be too large to be kept: it then writes no more. A quick subject sees a fifth of this. */
const MOST_WRITES = 450

/** Another program on the same volume: it writes and syncs a file of its own until it is stopped. */
export class Neighbour {
  #stopped = false
  readonly #work: Promise<void>
  #ended = false

  /** `restMs` is how long it rests after each sync. */
  constructor(directory: string, restMs = 0) {
    this.#work = this.#run(join(directory, NEIGHBOUR_FILE), restMs)
    // Whoever stops it hears of its failure.
    this.#work
      .catch(() => {})
      .then(() => {
        this.#ended = true
      })
  }

  /** Whether it has written all that it ever does, or has failed. */
  get ended(): boolean {
    return this.#ended
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#work
  }

  async #run(path: string, restMs: number): Promise<void> {
    const file = await open(path, 'w')
    try {
      let sizeBytes = 0
      for (let write = 1; !this.#stopped && write <= MOST_WRITES; write++) {
        if (sizeBytes + WRITE_BYTES > LARGEST_BYTES) {
          await file.truncate()
          sizeBytes = 0
        }
        await file.write(Buffer.alloc(WRITE_BYTES, write % 256), 0, WRITE_BYTES, sizeBytes)
        sizeBytes += WRITE_BYTES
        if (write % WRITES_BEFORE_SYNC !== 0) continue
        await file.datasync()
        if (restMs > 0) await sleep(restMs)
      }
    } finally {
      await file.close()
    }
  }
}
