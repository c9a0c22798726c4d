import { type Dirent, lstatSync, opendirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CannotRead } from '../../harness/files/cannot-read.ts'
import { kindOf } from '../../harness/files/kind-of.ts'
import { listBounded } from '../../harness/files/list-bounded.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { shortageBehind } from '../../harness/process/shortage.ts'
import { shown, shownPath } from '../../harness/text/shown.ts'
import { parseRunName } from '../shard.ts'
import {
  MAX_DIRECTORY_ENTRIES,
  MAX_PROBLEMS,
  MAX_RUN_FILES,
  MAX_TREE_BYTES,
  MAX_TREE_CELLS,
  MAX_TREE_FILES,
  MAX_TREE_RUNS,
  maxBytesOf,
} from './limits.ts'

/** A run's folder, and the cell that its place says. */
export interface RunPath {
  arch: string
  fileSystem: string
  path: string
}

/** What stands below an evidence folder: runs in order, and in sentences what is wrong with anything else. */
export interface EvidenceTree {
  runs: RunPath[]
  problems: string[]
}

const EXPLANATION = 'README.md'
const ARCH = /^[a-z0-9]{1,16}$/
const FILE_SYSTEM = /^[a-z0-9][a-z0-9-]{0,15}$/

const natural = new Intl.Collator('en', { numeric: true }).compare

/** Problems as they are told: the first ones, and how many more there are. */
export function firstProblems(problems: readonly string[]): string[] {
  if (problems.length <= MAX_PROBLEMS) return [...problems]
  const told = problems.slice(0, MAX_PROBLEMS - 1)
  return [...told, `and ${problems.length - told.length} more`]
}

/** So many things of a folder are named one by one; of more there is a number. */
const NAMED_IN_FOLDER = 3

/** Looks at an evidence folder, level by level, and follows no link. */
class Walk {
  readonly tree: EvidenceTree = { runs: [], problems: [] }
  #cells = 0

  problem(path: string, what: string): void {
    this.tree.problems.push(`${shownPath(path)} ${shown(what)}`)
  }

  /** The folders in a directory in order; what else is there is a problem, but for names that begin with a dot. */
  folders(path: string, isName: (name: string) => boolean, isFile?: string): string[] {
    const folders: string[] = []
    const others: [name: string, what: string][] = []
    for (const entry of this.#entries(path)) {
      const { name } = entry
      if (entry.isSymbolicLink()) others.push([name, 'is a link, and none is followed'])
      else if (name.startsWith('.')) continue
      else if (name === isFile && entry.isFile()) continue
      else if (name === isFile) others.push([name, `is ${kindOf(entry)} and not a file`])
      else if (!entry.isDirectory() || !isName(name)) others.push([name, 'is no run of ours'])
      else folders.push(name)
    }
    if (others.length <= NAMED_IN_FOLDER) {
      for (const [name, what] of others) this.problem(join(path, name), what)
    } else {
      const first = shownPath(String(others[0]?.[0]))
      this.problem(path, `holds ${others.length} things that are no run of ours, such as ${first}`)
    }
    return folders
  }

  /** Whether one more cell is looked at. */
  admitsCell(path: string): boolean {
    if (++this.#cells <= MAX_TREE_CELLS) return true
    if (this.#cells === MAX_TREE_CELLS + 1) {
      this.problem(path, `is a cell too many: at most ${MAX_TREE_CELLS} are read`)
    }
    return false
  }

  /** Whether there is so much wrong that the rest is not looked at. */
  get isHopeless(): boolean {
    return this.#cells > MAX_TREE_CELLS || this.tree.problems.length > MAX_DIRECTORY_ENTRIES
  }

  #entries(path: string): Dirent[] {
    try {
      const entries = listBounded(path, { maxEntries: MAX_DIRECTORY_ENTRIES })
      return entries.sort((a, b) => natural(a.name, b.name))
    } catch (error) {
      if (shortageBehind(error) !== null) throw error
      const { message } = error as Error
      this.problem(path, error instanceof CannotRead ? message : `cannot be listed: ${message}`)
      return []
    }
  }
}

/** How much of all runs is too much to be read, in a sentence; null when it is not. */
function excessOf(root: string, runs: readonly RunPath[]): string | null {
  const where = shownPath(root)
  if (runs.length > MAX_TREE_RUNS) {
    return `${where} holds ${runs.length} runs, and at most ${MAX_TREE_RUNS} are read`
  }
  let files = 0
  let sizeBytes = 0
  for (const { path } of runs) {
    const names = namesIn(path)
    files += names.length
    sizeBytes += names.reduce((sum, name) => sum + readBytesOf(join(path, name), name), 0)
    if (files > MAX_TREE_FILES) return `${where} holds more than ${MAX_TREE_FILES} files of runs`
    if (sizeBytes > MAX_TREE_BYTES)
      return `${where} holds more than ${MAX_TREE_BYTES} bytes of runs`
  }
  return null
}

/** Those in a run's folder; of one that can't be listed none, for reading it will say so. */
function namesIn(path: string): string[] {
  try {
    return listBounded(path, { maxEntries: MAX_RUN_FILES }).map(({ name }) => name)
  } catch {
    return []
  }
}

/** How much of a file would be read: nothing of one that is too large or can't be looked at. */
function readBytesOf(path: string, name: string): number {
  try {
    const { size } = lstatSync(path)
    return size > (maxBytesOf(name) ?? 0) ? 0 : size
  } catch {
    return 0
  }
}

function requireFolder(root: string): void {
  let kind: string | undefined
  try {
    const stats = statSync(root, { throwIfNoEntry: false })
    if (stats?.isDirectory()) {
      opendirSync(root).closeSync()
      return
    }
    kind = stats && kindOf(stats)
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `the evidence folder ${shownPath(root)} cannot be read: ${(cause as Error).message}`,
      'Name a folder that you can read.',
      { cause },
    )
  }
  throw new MachineError(
    'MISSING',
    `there is no evidence folder ${shownPath(root)}${kind === undefined ? '' : `: it is ${kind}`}`,
    'Run `pullplug matrix`, or name the folder that holds the evidence.',
  )
}

/**
 * Finds the runs below `root` (which may itself be a link), `<arch>/<fs>/run-N`, and shards of runs,
 * `run-N-shard-I-of-M`. Names that begin with a dot are passed over: runs being written, and superseded
 * ones. A tree that is larger than any that is read has no runs and a problem. Throws a `MachineError` when
 * there is no such folder.
 */
export function findRuns(root: string): EvidenceTree {
  requireFolder(root)
  const walk = new Walk()
  const { tree } = walk
  for (const arch of walk.folders(root, (name) => ARCH.test(name), EXPLANATION)) {
    if (walk.isHopeless) break
    const archPath = join(root, arch)
    for (const fileSystem of walk.folders(archPath, (name) => FILE_SYSTEM.test(name))) {
      const cellPath = join(archPath, fileSystem)
      if (!walk.admitsCell(cellPath)) continue
      for (const run of walk.folders(cellPath, (name) => parseRunName(name) !== null)) {
        tree.runs.push({ arch, fileSystem, path: join(cellPath, run) })
      }
    }
  }
  const excess = excessOf(root, tree.runs)
  return excess === null ? tree : { runs: [], problems: [excess, ...tree.problems] }
}
