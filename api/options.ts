/** What a subject keeps: `log` appends entries, `store` puts and deletes keys, `file` replaces a content. */
export type Kind = 'log' | 'store' | 'file'

/**
 * What an acknowledged change is worth after a fault. `durable`: it is there. `ordered`: the last changes may be gone,
 * and nothing else. `each`: each entry, key or content is whole, and one that it once had. `opens`: it opens and can be
 * read.
 */
export type Guarantee = 'durable' | 'ordered' | 'each' | 'opens'

/** A kind of fault for which a promise is given. */
export type Fault = 'kill' | 'power-cut' | 'io-error' | 'full-disk'

/** A guarantee for each kind of fault; for `io-error` and `full-disk` that of `kill`, unless given. */
export interface Promises {
  /** After a SIGKILL. */
  readonly kill: Guarantee
  /** After a power cut. */
  readonly 'power-cut': Guarantee
  /** After an I/O error. */
  readonly 'io-error'?: Guarantee | undefined
  /** After a full disk. */
  readonly 'full-disk'?: Guarantee | undefined
}

/**
 * A way of hurting a subject. `kill`: a SIGKILL at its file operations. `power-cut`: states that a disk can have after
 * one, mounted. `io-error`: a disk that says no.
 */
export type TierName = 'kill' | 'power-cut' | 'io-error'

/**
 * Where a subject is hurt: on a volume that is made with this file system, which needs root; or in a folder below the
 * temporary directory.
 */
export type FileSystem = 'ext4' | 'xfs' | 'btrfs' | 'tmpdir'

/** An `AbortSignal`, as the test context of vitest and of node:test has one. */
export interface Signal {
  /** Whether it has been. */
  readonly aborted: boolean
  /** With what it was aborted. */
  readonly reason?: unknown
  /** Has `listener` called when it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Calls that off. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** How much is tried, where, and until when. */
export interface Budget {
  /** How long the faults may take, in seconds, a whole number; 20 unless given. What checks the contract comes on top. */
  readonly seconds?: number | undefined
  /** What histories and faults are drawn from, from 0 to 4294967295; a new one each time unless given. */
  readonly seed?: number | undefined
  /** Only these ways of hurting it; all unless given. */
  readonly tiers?: readonly TierName[] | undefined
  /** Those of them that must have run: where one can't, it throws `CannotMeasure`. None unless given. */
  readonly mustRun?: readonly TierName[] | undefined
  /** On these file systems; unless given on ext4, and what can't be done there in a temporary folder. */
  readonly fileSystems?: readonly FileSystem[] | undefined
  /** Stops it: what it made is undone, and it throws the signal's reason. */
  readonly signal?: Signal | undefined
}

/** A JavaScript module that exports `open(directory)`, or TypeScript where this Node loads it. */
export interface ModuleSubject extends Budget {
  /** Its path, from the working directory; or its address, such as `new URL('./store.js', import.meta.url)`. */
  readonly subject: string | { readonly href: string }
  /** What it keeps. */
  readonly kind: Kind
  /** What it promises: for all faults, or for each kind. */
  readonly promise: Guarantee | Promises
}

/** A subject that a `pullplug.json` describes: a program in any language, or a module. */
export interface DescribedSubject extends Budget {
  /** The path of the description or of its folder, from the working directory; or its address. */
  readonly subject: string | { readonly href: string }
  /** The description says it. */
  readonly kind?: undefined
  /** The description says it. */
  readonly promise?: undefined
}

/** What `crashTest` is given. */
export type CrashTestOptions = ModuleSubject | DescribedSubject
