import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { loadSystemCalls, type SystemCalls } from '../../process/system-calls.ts'
import { FILE_SYSTEMS } from '../../volume/file-systems/index.ts'
import type { Filler, FillerRow } from './filler.ts'

const BLOCK_BYTES = 4096
/** How often its size is corrected: a file system takes blocks of its own for it, and gives them back. */
const ATTEMPTS = 60

/** A file that takes the blocks of a volume; xfs keeps some to itself. */
class SpaceFiller implements Filler {
  readonly #path: string
  readonly #mountPoint: string
  readonly #calls: SystemCalls

  constructor(mountPoint: string, calls: SystemCalls) {
    this.#mountPoint = mountPoint
    this.#calls = calls
    this.#path = join(mountPoint, 'filler')
    writeFileSync(this.#path, '')
  }

  /** Without those that only root may take: a volume here has none, and what the file system keeps it gives nobody. */
  get free(): number {
    return statfsSync(this.#mountPoint).bavail
  }

  leave(left: number): void {
    // For one thing only: a volume with an open file can't be undone by an exit handler.
    const file = openSync(this.#path, 'r+')
    try {
      this.#fill(file, left)
    } finally {
      closeSync(file)
    }
  }

  giveBack(): void {
    truncateSync(this.#path, 0)
  }

  #fill(file: number, left: number): void {
    // What was removed before is free once its removal is on the disk.
    fsyncSync(file)
    let sizeBytes = fstatSync(file).size
    let stepBlocks = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < ATTEMPTS && stepBlocks > 0; attempt++) {
      const { free } = this
      if (free === left) break
      if (free < left) {
        sizeBytes = Math.max(0, sizeBytes - (left - free) * BLOCK_BYTES)
        ftruncateSync(file, sizeBytes)
        fsyncSync(file)
        continue
      }
      const blocks = Math.min(free - left, stepBlocks)
      if (this.#grow(file, sizeBytes, blocks)) sizeBytes += blocks * BLOCK_BYTES
      else stepBlocks = Math.floor(blocks / 2)
    }
    fsyncSync(file)
  }

  #grow(file: number, sizeBytes: number, blocks: number): boolean {
    try {
      this.#calls.allocate(file, sizeBytes, blocks * BLOCK_BYTES)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      return false
    }
  }
}

/** Blocks of 4 KiB. */
export const SPACE: FillerRow = {
  kind: 'free',
  unit: BLOCK_BYTES,
  most: 2048,
  mkfsOptions: (fileSystem) => [
    ...FILE_SYSTEMS[fileSystem].powerCut.mkfsOptions,
    ...(fileSystem === 'ext4' ? ['-m', '0'] : []),
  ],
  inWords: (left) => `${left * BLOCK_BYTES} bytes are free on the volume`,
  create: async (mountPoint) => new SpaceFiller(mountPoint, await loadSystemCalls()),
}
