import { type FileSystem, MIB, type PowerCutOptions } from './file-system.ts'

export const ext4: FileSystem = {
  // Left to itself, mke2fs gives a file system this small blocks of 1 KiB; real ones have 4 KiB.
  mkfs: ['mkfs.ext4', '-q', '-F', '-b', '4096'],
  debianPackage: 'e2fsprogs',
  magic: 0xef53,
  powerCut: {
    sizeBytes: 8 * MIB,
    mkfsOptions: ['-E', 'nodiscard,lazy_itable_init=0,lazy_journal_init=0'],
    mountOptions: [],
    unflushedOptions: ['nobarrier'],
  },
}

/** What ext4 can do with data, and its fast commits: each a file system of its own to a power cut. */
export const EXT4_VARIANTS = {
  'data=ordered': { mkfsOptions: [], mountOptions: ['data=ordered'] },
  'data=writeback': { mkfsOptions: [], mountOptions: ['data=writeback'] },
  'data=journal': { mkfsOptions: [], mountOptions: ['data=journal'] },
  fast_commit: { mkfsOptions: ['-O', 'fast_commit'], mountOptions: [] },
} as const satisfies Record<string, Pick<PowerCutOptions, 'mkfsOptions' | 'mountOptions'>>

export type Ext4Variant = keyof typeof EXT4_VARIANTS

export const EXT4_VARIANT_NAMES = Object.keys(EXT4_VARIANTS) as Ext4Variant[]
