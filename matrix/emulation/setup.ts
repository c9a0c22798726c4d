import { MachineError } from '../../harness/process/machine-error.ts'
import type { Progress } from '../progress.ts'
import { cacheDirectory, inCache, makeInCache } from './cache.ts'
import type { DebianDownload } from './debian.ts'
import { EMULATORS } from './emulators.ts'
import { guestOf } from './guest.ts'
import { debianKeyring } from './keyring.ts'
import type { Part } from './part.ts'
import { rollupOf } from './rollup.ts'
import { sysrootOf } from './sysroot.ts'

export const DEBIAN_MIRROR = 'http://deb.debian.org/debian'

/** The newer one first: its Node starts in a third of the time. */
const SUITES = ['forky', 'trixie']

/** What is set up. */
export interface SetupRequest {
  /** Architectures other than this machine's. */
  arches: readonly string[]
  mirror?: string
  progress: Progress
  signal: AbortSignal
}

function partsOf(arch: string): Part[] {
  const guest = guestOf(arch)
  return [EMULATORS, sysrootOf(guest), rollupOf(guest)].filter((part) => part !== null)
}

/** The parts of an architecture that are not in the cache yet. */
function missingParts(arches: readonly string[]): Part[] {
  const parts = new Map(arches.flatMap(partsOf).map((part) => [part.name, part]))
  return [...parts.values()].filter(({ name }) => !inCache(name).isThere)
}

/** Whether all that an architecture needs is in the cache. */
export function isSetUp(arch: string): boolean {
  return missingParts([arch]).length === 0
}

function tellAge({ listedAt, validUntil }: DebianDownload, { progress }: SetupRequest): void {
  if (validUntil === null || Date.parse(validUntil) > Date.now()) return
  progress.line(`  This mirror is behind: its list of packages is of ${listedAt}.`)
}

async function makePart(part: Part, request: SetupRequest): Promise<void> {
  const { mirror = DEBIAN_MIRROR, progress, signal } = request
  let problem: unknown
  for (const suite of SUITES) {
    progress.now(`${part.what}, from ${suite}`)
    try {
      await makeInCache(part.name, async (folder) => {
        const keyring = await debianKeyring(`${folder}.keyring`, signal)
        const download = await part.make(folder, { mirror, suite, keyring }, signal)
        if (download !== null) tellAge(download, request)
      })
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof MachineError) || error.code === 'MISSING') throw error
      progress.line(`  ${part.what} could not be had from Debian’s ${suite}: ${error.message}`)
      problem = error
    }
  }
  throw problem
}

/**
 * Brings what is needed to emulate these architectures into the cache, unless it is there: nothing of
 * the host's system is changed, and no root is needed. Throws a `MachineError`, and what `signal` was
 * aborted with.
 */
export async function setUp(request: SetupRequest): Promise<void> {
  const { arches, progress } = request
  const parts = missingParts(arches)
  if (parts.length === 0) return
  const what = parts.map((part) => part.what).join(', ')
  progress.line(`Setting up ${arches.join(', ')} in ${cacheDirectory()}: ${what}.`)
  try {
    for (const part of parts) await makePart(part, request)
  } finally {
    progress.end()
  }
}
