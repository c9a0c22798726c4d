import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  type Dirent,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { isSystemError } from '../process/error-report.ts'
import { loadSystemCalls } from '../process/system-calls.ts'

type Kept =
  | { path: string; kind: 'directory'; mode: number }
  | { path: string; kind: 'file'; mode: number; bytes: Buffer }
  | { path: string; kind: 'name'; of: string }
  | { path: string; kind: 'link'; to: string }
  | { path: string; kind: 'pipe'; mode: number }
  | { path: string; kind: 'socket'; mode: number }

/** More than any workload leaves. */
const LARGEST_BYTES = 64 * 1024 * 1024

function kindOf(entry: Dirent): Exclude<Kept['kind'], 'name'> | undefined {
  if (entry.isDirectory()) return 'directory'
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isFIFO()) return 'pipe'
  if (entry.isSocket()) return 'socket'
  return entry.isFile() ? 'file' : undefined
}

function keep(directory: string): Kept[] {
  const kept: Kept[] = []
  const paths = new Map<number, string>()
  let sizeBytes = 0
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name)
    const path = relative(directory, full)
    const kind = kindOf(entry)
    if (kind === undefined) throw new CannotJudge(`${path} is a device`)
    if (kind === 'link') {
      kept.push({ path, kind, to: readlinkSync(full) })
      continue
    }
    const { mode, ino, nlink, size } = lstatSync(full)
    const of = paths.get(ino)
    if (kind === 'directory' || kind === 'pipe' || kind === 'socket') {
      kept.push({ path, kind, mode })
    } else if (of !== undefined) kept.push({ path, kind: 'name', of })
    else {
      sizeBytes += size
      if (sizeBytes > LARGEST_BYTES) {
        throw new CannotJudge(`there are more than ${LARGEST_BYTES / 1024 / 1024} MiB`)
      }
      if (nlink > 1) paths.set(ino, path)
      kept.push({ path, kind, mode, bytes: readFileSync(full) })
    }
  }
  return kept
}

/**
 * A directory as it stood, byte for byte, with its modes, links and second names; not its times. It is kept
 * in memory, for a copy on the disk would take space that the subject may be about to need.
 */
export class Snapshot {
  readonly #kept: Kept[] | CannotJudge
  /** Of the directory itself. */
  readonly #mode: number

  private constructor(kept: Kept[] | CannotJudge, mode: number) {
    this.#kept = kept
    this.#mode = mode
  }

  /** Takes one; what can't be kept is told by `restore`, for hardly anyone asks for that. */
  static take(directory: string): Snapshot {
    try {
      return new Snapshot(keep(directory), lstatSync(directory).mode)
    } catch (error) {
      if (!(error instanceof CannotJudge) && !isSystemError(error)) throw error
      const { message } = error as Error
      const why = `what the faults left could not be kept: ${message}`
      return new Snapshot(new CannotJudge(why, { cause: error }), 0)
    }
  }

  /**
   * Makes `directory`, which must not be there, as the other one stood. Throws `CannotJudge`, a system error, or where
   * there is a socket as `loadSystemCalls`.
   */
  async restore(directory: string): Promise<void> {
    if (this.#kept instanceof CannotJudge) throw this.#kept
    mkdirSync(directory)
    for (const each of this.#kept) {
      const path = join(directory, each.path)
      if (each.kind === 'directory') mkdirSync(path)
      else if (each.kind === 'file') writeFileSync(path, each.bytes)
      else if (each.kind === 'pipe') execFileSync('mkfifo', [path], { env: CHILD_ENVIRONMENT })
      else if (each.kind === 'socket') (await loadSystemCalls()).makeNode(path, each.mode)
      else if (each.kind === 'name') linkSync(join(directory, each.of), path)
      else symlinkSync(each.to, path)
    }
    // Last of all, for nothing can be put where nothing may be written.
    for (const each of this.#kept) {
      if ('mode' in each) chmodSync(join(directory, each.path), each.mode & 0o7777)
    }
    chmodSync(directory, this.#mode & 0o7777)
  }
}
