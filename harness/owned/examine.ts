import { lstatSync } from 'node:fs'
import { listBounded } from '../files/list-bounded.ts'
import { lifeOf, type Owner } from '../process/owner.ts'
import { lifeSignIn } from './life-sign.ts'
import { OWNED_NAMES, readTitle, whereIs } from './owned-folder.ts'
import { entryOf } from './registry.ts'

/** What is found out about a folder that some process of this program made. */
export type Finding =
  /** It is gone. */
  | { is: 'gone' }
  /** Whoever made it lives. */
  | { is: 'alive' }
  /** Whoever made it is dead. */
  | { is: 'left'; owner: Owner | null; ageMs: number; why: string }
  /** It is not known to be ours, or whether its maker lives. Nobody touches it. */
  | { is: 'foreign'; why: string }

/** A folder that says nothing of its owner and is younger than this may be somebody's work. */
const YOUNG_MS = 10 * 60 * 1000

const UNNAMED = 'its owner.json does not say who made it'

/** What is known of a kind of folders, for one of them that says nothing itself. */
export interface Kindred {
  /** All that one of them holds, beside what every owned folder does. */
  names: readonly string[]
  /** Why one is in use, as the end of a sentence; null when it is not. */
  whyInUse: (folder: string) => string | null
}

function ofOwner(path: string, owner: Owner, ageMs: number): Finding {
  const who = `process ${owner.pid}`
  const life = lifeOf(owner)
  if (life === 'alive') return { is: 'alive' }
  if (life === 'dead') return { is: 'left', owner, ageMs, why: `${who} made it and is dead` }
  switch (lifeSignIn(path)) {
    case 'held':
      return { is: 'alive' }
    case 'dropped':
      return { is: 'left', owner, ageMs, why: `${who} of another PID namespace is dead` }
    case 'none':
      return {
        is: 'foreign',
        why: `${who} made it in another PID namespace, and whether that lives can't be seen from here`,
      }
  }
}

const MAX_ENTRIES = 10_000

function whyKept(path: string, ageMs: number, { names, whyInUse }: Kindred): string | null {
  const strange = listBounded(path, { maxEntries: MAX_ENTRIES })
    .map(({ name }) => name)
    .find((name) => ![...OWNED_NAMES, ...names].includes(name))
  if (strange !== undefined) return `it holds ${strange}`
  return whyInUse(path) ?? (ageMs < YOUNG_MS ? 'it is new' : null)
}

function ofNobody(path: string, ageMs: number, kindred: Kindred): Finding {
  switch (lifeSignIn(path)) {
    case 'held':
      return { is: 'alive' }
    case 'dropped':
      return { is: 'left', owner: null, ageMs, why: `${UNNAMED}, and its maker is dead` }
    case 'none': {
      const kept = whyKept(path, ageMs, kindred)
      if (kept !== null) return { is: 'foreign', why: `${UNNAMED}, and ${kept}` }
      return { is: 'left', owner: null, ageMs, why: `${UNNAMED}; it is old, and nobody uses it` }
    }
  }
}

function examineAt(path: string, folder: string, kindred: Kindred): Finding {
  const said = readTitle(path)
  if (said === 'other') return { is: 'foreign', why: 'its owner.json is not ours' }
  const title = said === 'broken' ? entryOf(folder) : said
  if (title !== null) return ofOwner(path, title.owner, Date.now() - title.createdAtMs)
  return ofNobody(path, Date.now() - lstatSync(path).mtimeMs, kindred)
}

/** Somebody may remove a folder, or give it its name, in the very moment in which it is examined. */
const LOOKS = 5

/**
 * Finds out whether whoever made a folder lives: by the folder's own word, by what is written down of it, by
 * its sign of life, and only where there is none of these by its age, by what it holds and by whether
 * anybody uses it. Throws the operating system's error.
 */
export function examineOwned(folder: string, kindred: Kindred): Finding {
  for (let look = 1; ; look++) {
    try {
      const path = whereIs(folder)
      return path === null ? { is: 'gone' } : examineAt(path, folder, kindred)
    } catch (error) {
      if (look === LOOKS || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}
