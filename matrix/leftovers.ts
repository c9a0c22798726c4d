import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listBounded } from '../harness/files/list-bounded.ts'
import { examineOwned, type Finding, type Kindred } from '../harness/owned/examine.ts'
import { findOrphans } from '../harness/owned/orphans.ts'
import {
  disown,
  removeOwnedFolder,
  UNFINISHED_PREFIX,
  whereIs,
} from '../harness/owned/owned-folder.ts'
import { allEntries, type Entry, tidyRegistry } from '../harness/owned/registry.ts'
import { killSync } from '../harness/process/kill-sync.ts'
import { lifeOf } from '../harness/process/owner.ts'
import { holdersOf } from '../harness/volume/holders.ts'
import {
  goneFoldersOnLoopDevices,
  type Leftover,
  removeLeftover,
  surveyFolders,
  surveyState,
} from '../harness/volume/leftovers.ts'
import { isServed } from '../harness/volume/served-folder.ts'
import { cacheDirectory, MAKING_PREFIX } from './emulation/cache.ts'
import { examineLock, LOCKS, withLock } from './lock.ts'
import type { Progress } from './progress.ts'
import { WORKING_PREFIX } from './working-folder.ts'

/** No machine has so many at once, or so many that were left. */
const MAX_FOLDERS = 10_000

/** Something that a killed run left behind, or that is not known to be anybody's. */
export interface LeftoverLine {
  /** Its path, or `process 4711`. */
  name: string
  what: string
  /** How it is known to be left, or why nobody touches it. */
  why: string
}

/** What became of one of them. */
export interface Cleaned {
  name: string
  removed: boolean
  problem: string | null
}

/** Something that is left, and how it is removed. */
interface Removable extends LeftoverLine {
  remove: () => Promise<void> | void
}

interface Survey {
  leftovers: Removable[]
  foreign: LeftoverLine[]
}

const NOTHING: Survey = { leftovers: [], foreign: [] }

function volumeInWords({ directory, mountPoint, loopDevices }: Leftover): string {
  const mounted = mountPoint === null ? 'not mounted' : 'mounted'
  const what = isServed(directory) ? 'a directory that is served' : 'a volume'
  return [what, mounted, ...loopDevices].join(', ')
}

/** Every volume that is in its usual place, was written down, or stands on a loop device, once. */
function surveyVolumes(entries: readonly Entry[]): Survey {
  const usual = surveyState()
  const known = new Set([...usual.leftovers, ...usual.foreign].map(({ directory }) => directory))
  const elsewhere = [
    ...entries.flatMap(({ kind, path }) => (kind === 'volume' ? path : [])),
    ...(process.platform === 'linux' ? goneFoldersOnLoopDevices() : []),
  ]
  const others = surveyFolders([...new Set(elsewhere)].filter((path) => !known.has(path)))
  return {
    leftovers: [...usual.leftovers, ...others.leftovers].map((leftover) => ({
      name: leftover.directory,
      what: volumeInWords(leftover),
      why: leftover.why,
      remove: () => removeLeftover(leftover),
    })),
    foreign: [...usual.foreign, ...others.foreign].map(({ directory, reason }) => ({
      name: directory,
      what: 'a folder among volumes',
      why: reason,
    })),
  }
}

const KINDRED: Kindred = {
  names: [],
  whyInUse: (folder) => {
    const [holder] = holdersOf(folder)
    return holder === undefined ? null : `${holder.name} uses it`
  },
}

/** The paths of the folders in a folder whose names begin so, whether or not they are finished. */
function foldersBy(parent: string, prefix: string): string[] {
  if (!existsSync(parent)) return []
  const root = realpathSync(parent)
  const names = listBounded(root, { maxEntries: MAX_FOLDERS }).map(({ name }) =>
    name.startsWith(UNFINISHED_PREFIX) ? name.slice(UNFINISHED_PREFIX.length) : name,
  )
  return names.filter((name) => name.startsWith(prefix)).map((name) => join(root, name))
}

function sortedOut(name: string, what: string, finding: Finding, remove: () => void): Survey {
  if (finding.is === 'left') {
    return { ...NOTHING, leftovers: [{ name, what, why: finding.why, remove }] }
  }
  return finding.is === 'foreign'
    ? { ...NOTHING, foreign: [{ name, what, why: finding.why }] }
    : NOTHING
}

function merged(surveys: readonly Survey[]): Survey {
  return {
    leftovers: surveys.flatMap(({ leftovers }) => leftovers),
    foreign: surveys.flatMap(({ foreign }) => foreign),
  }
}

function attempt(examine: () => Finding): Finding {
  try {
    return examine()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { is: 'gone' } : { is: 'foreign', why: message }
  }
}

function surveyWorkplaces(entries: readonly Entry[]): Survey {
  const paths = [
    ...foldersBy(process.cwd(), WORKING_PREFIX),
    ...foldersBy(cacheDirectory(), MAKING_PREFIX),
    ...entries.flatMap(({ kind, path }) => (kind === 'folder' ? path : [])),
  ]
  return merged(
    [...new Set(paths)].map((path) =>
      sortedOut(
        path,
        'a folder to work in',
        attempt(() => examineOwned(path, KINDRED)),
        () => removeOwnedFolder(path),
      ),
    ),
  )
}

/** What a run that held the lock of an evidence folder left there; whoever takes the lock over removes it. */
function surveyEvidence(entries: readonly Entry[]): Survey {
  const paths = entries.flatMap(({ kind, path }) => (kind === 'lock' ? path : []))
  const surveys = paths.flatMap((path): Survey[] => {
    const directory = dirname(path)
    return [
      sortedOut(
        path,
        'a lock that was not taken, or given back',
        attempt(() => examineOwned(path, KINDRED)),
        () => removeOwnedFolder(path),
      ),
      ...LOCKS.map((name) =>
        sortedOut(
          join(directory, name),
          'the lock of an evidence folder, and what was half written there',
          attempt(() => examineLock(directory, name)),
          () => withLock(directory, async () => {}, name),
        ),
      ),
    ]
  })
  return merged(surveys)
}

function surveyProcesses(): Survey {
  const leftovers = findOrphans().map(({ pid, name, owner }) => ({
    name: `process ${pid}`,
    what: name,
    why: `process ${owner.pid} started it and is dead`,
    remove: () => killSync([pid]),
  }))
  return { ...NOTHING, leftovers }
}

function survey(): Survey {
  const entries = allEntries()
  // Processes first: they would go on to write into what is removed.
  const found = merged([
    surveyProcesses(),
    surveyVolumes(entries),
    surveyWorkplaces(entries),
    surveyEvidence(entries),
  ])
  const seen = new Set<string>()
  const once = ({ name }: LeftoverLine): boolean => !seen.has(name) && Boolean(seen.add(name))
  return { leftovers: found.leftovers.filter(once), foreign: found.foreign.filter(once) }
}

/** What killed runs left, and what stands among it that nobody will touch. */
export function listLeftovers(): { leftovers: LeftoverLine[]; foreign: LeftoverLine[] } {
  const { leftovers, foreign } = survey()
  return { leftovers: leftovers.map(({ remove: _, ...line }) => line), foreign }
}

function isGone({ kind, path }: Entry): boolean {
  if (whereIs(path) !== null) return false
  if (kind === 'lock') {
    const directory = dirname(path)
    return LOCKS.map((name) => attempt(() => examineLock(directory, name))).every(
      ({ is }) => is === 'gone' || is === 'alive',
    )
  }
  return kind === 'folder' || surveyFolders([path]).leftovers.length === 0
}

/** Strikes out what dead processes wrote down and never made, or what is gone. */
function tidy(): void {
  for (const entry of allEntries()) {
    if (lifeOf(entry.owner) === 'dead' && isGone(entry)) disown(entry.path)
  }
  tidyRegistry()
}

/** Removes what killed runs left, each on its own. */
export async function cleanLeftovers(): Promise<Cleaned[]> {
  const cleaned: Cleaned[] = []
  for (const { name, remove } of survey().leftovers) {
    try {
      await remove()
      cleaned.push({ name, removed: true, problem: null })
    } catch (error) {
      cleaned.push({ name, removed: false, problem: (error as Error).message })
    }
  }
  tidy()
  return cleaned
}

/** What became of one of them, in words. */
export function cleanedInWords({ name, removed, problem }: Cleaned): string {
  return removed ? `removed ${name}` : `could not remove ${name}: ${problem}`
}

/** Removes what killed runs left, and says so. */
export async function cleanAndTell(progress: Progress): Promise<void> {
  for (const each of await cleanLeftovers()) {
    progress.line(`A run that was killed left something: ${cleanedInWords(each)}`)
  }
}
