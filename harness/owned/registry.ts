import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { listBounded } from '../files/list-bounded.ts'
import { readText } from '../files/read-text.ts'
import { STATE_VARIABLE } from '../process/environment.ts'
import { isOwner, type Owner } from '../process/owner.ts'
import { makeTrusted, userId, whyNotTrusted } from './trust.ts'

/** What a folder is, and so how it is undone. */
export type Kind = 'volume' | 'folder' | 'lock'

const KINDS: readonly unknown[] = ['volume', 'folder', 'lock'] satisfies Kind[]

/** A folder that a process makes, is written down before it is made, and struck out after it is gone. */
export interface Entry {
  kind: Kind
  /** Absolute. */
  path: string
  owner: Owner
  /** In milliseconds since 1970. */
  createdAtMs: number
}

const FORMAT = 'pullplug-registry/1'
const SUFFIX = '.json'

/** What was never finished is old enough to be nobody's work after this. */
const UNFINISHED_MS = 10 * 60 * 1000

/** Where a registry can be, whatever TMPDIR is: two that outlive a boot, and one for machines without them. */
const PLACES = ['/var/tmp', '/tmp', '/run']

/** Every directory in which there can be a registry, the preferred one first. */
function places(): string[] {
  const state = process.env[STATE_VARIABLE]
  if (state) return [resolve(state)]
  const usable = PLACES.filter((place) => existsSync(place)).map((place) => realpathSync(place))
  return [...new Set(usable)].map((place) => join(place, `pullplug-${userId()}`))
}

/** The folder of a registry in one of them, made if need be. Throws an `Error`. */
function openIn(place: string): string {
  makeTrusted(place)
  return makeTrusted(join(realpathSync(place), 'registry'))
}

/** Where runs are written down, for every process of this user the same; null where they can't be. */
function openRegistry(): string | null {
  for (const place of places()) {
    try {
      return openIn(place)
    } catch {
      // Somebody else has it, or it can't be made: the next one.
    }
  }
  return null
}

/** Where runs are written down, as a sentence; changes nothing. */
export function registryInWords(): { ok: boolean; text: string } {
  const problems: string[] = []
  for (const place of places()) {
    const registry = join(place, 'registry')
    try {
      const at = [registry, place].find((path) => existsSync(path))
      if (at === undefined) accessSync(dirname(place), constants.W_OK)
      const distrust = at === undefined ? null : whyNotTrusted(at)
      if (distrust === null) return { ok: true, text: `runs are written down in ${registry}` }
      problems.push(`${at}: ${distrust}`)
    } catch (error) {
      problems.push((error as Error).message)
    }
  }
  const text = 'runs are written down nowhere, and what a killed one leaves is found by chance'
  return { ok: false, text: `${text}: ${problems.join('; ')}` }
}

/** A path is at most 4096 bytes long (PATH_MAX). */
const MAX_ENTRY_BYTES = 16 * 1024
const MAX_ENTRIES = 100_000

const fileOf = (registry: string, path: string): string =>
  join(registry, `${createHash('sha256').update(path).digest('hex').slice(0, 40)}${SUFFIX}`)

/**
 * Writes an entry down, whole or not at all. What can't be written down, as on a full disk, is no reason not to
 * make it: it still says itself whose it is.
 */
export function register(entry: Entry): void {
  const registry = openRegistry()
  if (registry === null) return
  const file = fileOf(registry, entry.path)
  const unfinished = `${file}.new`
  try {
    writeFileSync(unfinished, `${JSON.stringify({ format: FORMAT, ...entry })}\n`, { mode: 0o600 })
    renameSync(unfinished, file)
  } catch {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function readEntry(file: string): Entry | null {
  try {
    const said = JSON.parse(readText(file, { maxBytes: MAX_ENTRY_BYTES }))
    const { format, kind, path, owner, createdAtMs } = said
    const isWhole =
      format === FORMAT &&
      KINDS.includes(kind) &&
      typeof path === 'string' &&
      isAbsolute(path) &&
      isOwner(owner) &&
      Number.isSafeInteger(createdAtMs)
    return isWhole ? said : null
  } catch {
    return null
  }
}

/** Those registries that are there and that nobody else can have written to. */
function trusted(): string[] {
  return places()
    .map((place) => join(place, 'registry'))
    .filter((path) => existsSync(path) && existsSync(join(path, '..')))
    .filter((path) => whyNotTrusted(join(path, '..')) === null && whyNotTrusted(path) === null)
}

/** What is written down of a path; null when nothing is. */
export function entryOf(path: string): Entry | null {
  for (const registry of trusted()) {
    const entry = readEntry(fileOf(registry, path))
    if (entry?.path === path) return entry
  }
  return null
}

/** All that is written down. */
export function allEntries(): Entry[] {
  return trusted().flatMap((registry) =>
    listBounded(registry, { maxEntries: MAX_ENTRIES })
      .filter(({ name }) => name.endsWith(SUFFIX))
      .flatMap(({ name }) => readEntry(join(registry, name)) ?? []),
  )
}

/** Strikes a path out. */
export function unregister(path: string): void {
  for (const registry of trusted()) rmSync(fileOf(registry, path), { force: true })
}

/** Removes what killed processes were about to write down, and what a dead machine left of entries. */
export function tidyRegistry(): void {
  for (const registry of trusted()) {
    for (const { name } of listBounded(registry, { maxEntries: MAX_ENTRIES })) {
      const file = join(registry, name)
      if (name.endsWith(SUFFIX) && readEntry(file) !== null) continue
      const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (ageMs > UNFINISHED_MS) rmSync(file, { force: true, recursive: true })
    }
  }
}
