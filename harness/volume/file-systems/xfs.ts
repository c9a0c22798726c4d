import { type FileSystem, MIB } from './file-system.ts'

export const xfs: FileSystem = {
  mkfs: ['mkfs.xfs', '-q', '-f'],
  debianPackage: 'xfsprogs',
  magic: 0x58465342,
  powerCut: {
    sizeBytes: 16 * MIB,
    // Below 300 MiB only with this flag: a smaller one is the same on disk, and its log a third.
    mkfsOptions: ['-K', '--unsupported'],
    mountOptions: ['nouuid'],
    unflushedOptions: [],
  },
}
