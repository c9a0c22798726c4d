import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { FILE_SYSTEMS } from '../../volume/file-systems/index.ts'
import type { Filler, FillerRow } from './filler.ts'

/** Empty files that take the inodes of a volume. */
class InodeFiller implements Filler {
  readonly #mountPoint: string
  readonly #folder: string

  constructor(mountPoint: string) {
    this.#mountPoint = mountPoint
    this.#folder = join(mountPoint, 'filler')
    mkdirSync(this.#folder)
  }

  get free(): number {
    return statfsSync(this.#mountPoint).ffree
  }

  leave(left: number): void {
    for (let number = 1; this.free > left; number++) {
      closeSync(openSync(join(this.#folder, `${number}`), 'w'))
    }
  }

  giveBack(): void {
    for (const name of readdirSync(this.#folder)) rmSync(join(this.#folder, name))
  }
}

/** Files and directories: ext4 has a number of them that is fixed when it is made. */
export const INODES: FillerRow = {
  kind: 'inodes',
  unit: 1,
  most: 24,
  mkfsOptions: (fileSystem) => [
    ...FILE_SYSTEMS[fileSystem].powerCut.mkfsOptions,
    '-m',
    '0',
    '-N',
    '64',
  ],
  inWords: (left) => `${left} more files can be made on the volume`,
  create: async (mountPoint) => new InodeFiller(mountPoint),
}
