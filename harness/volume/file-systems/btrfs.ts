import { type FileSystem, MIB } from './file-system.ts'

export const btrfs: FileSystem = {
  mkfs: ['mkfs.btrfs', '-q', '-f'],
  debianPackage: 'btrfs-progs',
  magic: 0x9123683e,
  powerCut: {
    sizeBytes: 128 * MIB,
    mkfsOptions: ['-K'],
    mountOptions: [],
    unflushedOptions: ['nobarrier'],
  },
}
