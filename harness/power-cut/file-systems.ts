import type { FileSystemName } from '../volume/file-systems.ts'

const MIB = 1024 * 1024

/** How a file system is made for power cuts: small, and with nothing left to do once it is mounted. */
export interface PowerCutFileSystem {
  sizeBytes: number
  mkfsOptions: readonly string[]
  /** Options without which a copy of a mounted one can't be mounted. */
  mountOptions: readonly string[]
  /** Options with which it flushes nothing; xfs has none. */
  unflushedOptions: readonly string[]
}

export const POWER_CUT_FILE_SYSTEMS: Readonly<Record<FileSystemName, PowerCutFileSystem>> = {
  ext4: {
    sizeBytes: 8 * MIB,
    mkfsOptions: ['-E', 'nodiscard,lazy_itable_init=0,lazy_journal_init=0'],
    mountOptions: [],
    unflushedOptions: ['nobarrier'],
  },
  // Below 300 MiB only with this flag: a smaller one is the same on disk, and its log a third.
  xfs: {
    sizeBytes: 16 * MIB,
    mkfsOptions: ['-K', '--unsupported'],
    mountOptions: ['nouuid'],
    unflushedOptions: [],
  },
  btrfs: {
    sizeBytes: 128 * MIB,
    mkfsOptions: ['-K'],
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
} as const satisfies Record<string, Pick<PowerCutFileSystem, 'mkfsOptions' | 'mountOptions'>>

export type Ext4Variant = keyof typeof EXT4_VARIANTS

export const EXT4_VARIANT_NAMES = Object.keys(EXT4_VARIANTS) as Ext4Variant[]

/** Whether a name is that of a file system whose power can be cut. */
export function isPowerCutFileSystem(name: string): name is FileSystemName {
  return Object.hasOwn(POWER_CUT_FILE_SYSTEMS, name)
}

/** The options of every mount of a file system that was made so. */
export function mountOptionsOf(fileSystem: FileSystemName, variant: Ext4Variant | null): string[] {
  const extra = variant === null ? [] : EXT4_VARIANTS[variant].mountOptions
  return [...POWER_CUT_FILE_SYSTEMS[fileSystem].mountOptions, ...extra]
}
