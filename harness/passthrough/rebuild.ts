import type { Operation } from './operation.ts'
import { UnsyncedPages } from './unsynced-pages.ts'

/** What stands at a path. */
export type Entry =
  | { is: 'file'; content: Buffer; mode: number }
  | { is: 'directory'; mode: number }
  | { is: 'link'; to: string }

/** Modes of fallocate(2) (linux/falloc.h). */
const FALLOC_KEEP_SIZE = 1
const FALLOC_PUNCH_OR_ZERO = 2 | 16

/** A file that grows without being copied for each write. */
class Content {
  #bytes = Buffer.alloc(0)
  #sizeBytes = 0

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes
    this.#sizeBytes = bytes.length
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#sizeBytes)
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** What it gains reads as zeros, also where it was cut before. */
  resize(sizeBytes: number): void {
    if (sizeBytes < this.#sizeBytes) this.#bytes.fill(0, sizeBytes, this.#sizeBytes)
    if (sizeBytes > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(sizeBytes, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#sizeBytes = sizeBytes
  }

  write(offsetBytes: number, data: Uint8Array): void {
    // write(2) of nothing does not make a file longer.
    if (data.length === 0) return
    this.resize(Math.max(this.#sizeBytes, offsetBytes + data.length))
    this.#bytes.set(data, offsetBytes)
  }

  zero(fromBytes: number, endBytes: number): void {
    this.#bytes.fill(0, Math.min(fromBytes, this.#sizeBytes), Math.min(endBytes, this.#sizeBytes))
  }
}

type Inode = { is: 'file'; content: Content; mode: number } | Exclude<Entry, { is: 'file' }>

/** A directory in memory, to which operations are done as the trace says. */
class Model {
  readonly #names = new Map<string, Inode>([['', { is: 'directory', mode: 0o755 }]])
  readonly #files = new Map<number, Inode>()
  readonly #unsynced: UnsyncedPages | null

  constructor(before: ReadonlyMap<string, Entry>, loses: boolean) {
    this.#unsynced = loses ? new UnsyncedPages() : null
    for (const [path, entry] of before) {
      this.#names.set(path, entry.is === 'file' ? fileFrom(entry) : { ...entry })
    }
  }

  get entries(): Map<string, Entry> {
    const named = [...this.#names].filter(([path]) => path !== '')
    return new Map(
      named.map(([path, inode]) => [
        path,
        inode.is === 'file' ? { ...inode, content: inode.content.bytes } : inode,
      ]),
    )
  }

  apply(operation: Operation): void {
    if (operation.lost) this.#lose(operation)
    if (!operation.done) return
    const { kind, path, to, file } = operation
    switch (kind) {
      case 'create':
        return this.#make(operation, { is: 'file', content: new Content(), mode: operation.mode })
      case 'mkdir':
        return this.#make(operation, { is: 'directory', mode: operation.mode })
      case 'symlink':
        return this.#make(operation, { is: 'link', to })
      case 'link':
        this.#names.set(to, this.#inode(operation))
        return
      case 'unlink':
      case 'rmdir':
        // Whoever has it open still writes to it by its number.
        if (file !== 0 && this.#names.has(path)) this.#inode(operation)
        this.#names.delete(path)
        return
      case 'rename':
        return this.#rename(operation)
      case 'fsync':
        this.#unsynced?.synced(file)
        return
      case 'chmod':
      case 'chown':
        return this.#setMode(operation)
      case 'open-truncate':
      case 'truncate':
      case 'write':
      case 'fallocate':
        return this.#change(operation)
      case 'utimes':
      case 'fsyncdir':
      case 'open':
      case 'read':
        return
    }
  }

  #make({ path, file }: Operation, inode: Inode): void {
    this.#names.set(path, inode)
    this.#files.set(file, inode)
  }

  /** What an operation is about: by its number, or, when it is met first, by its name. */
  #inode({ n, file, path }: Pick<Operation, 'n' | 'file' | 'path'>): Inode {
    const inode = this.#files.get(file) ?? this.#names.get(path)
    if (inode === undefined) throw new Error(`operation ${n} is on ${path}, which is not there`)
    this.#files.set(file, inode)
    return inode
  }

  #content(operation: Operation): Content {
    const inode = this.#inode(operation)
    if (inode.is === 'file') return inode.content
    throw new Error(`operation ${operation.n} is on ${operation.path}, which is no file`)
  }

  #rename(operation: Operation): void {
    const { n, path, to, replaced } = operation
    const moved = this.#inode(operation)
    const target = this.#names.get(to)
    if (replaced !== 0 && target !== undefined) this.#inode({ n, file: replaced, path: to })
    // Of two names of one file, rename(2) removes neither.
    if (moved === target) return
    for (const [name, inode] of [...this.#names]) {
      if (name !== path && !name.startsWith(`${path}/`)) continue
      this.#names.delete(name)
      this.#names.set(`${to}${name.slice(path.length)}`, inode)
    }
  }

  #setMode(operation: Operation): void {
    const inode = this.#inode(operation)
    if (operation.mode >= 0 && inode.is !== 'link') inode.mode = operation.mode
  }

  #change(operation: Operation): void {
    const { kind, file, offsetBytes, lengthBytes, wroteBytes, mode, data, synced } = operation
    const content = this.#content(operation)
    const zeroes = kind === 'fallocate' && (mode & FALLOC_PUNCH_OR_ZERO) !== 0
    if (kind === 'write' || zeroes) {
      this.#unsynced?.beforeWrite(file, operation, (at, size) =>
        content.bytes.subarray(at, at + size),
      )
    }
    const endBytes = offsetBytes + lengthBytes
    if (kind === 'write') content.write(offsetBytes, data.subarray(0, wroteBytes))
    if (kind === 'write' && synced) this.#unsynced?.syncedRange(file, operation)
    if (zeroes) content.zero(offsetBytes, endBytes)
    if (kind === 'fallocate' && (mode & FALLOC_KEEP_SIZE) === 0) {
      content.resize(Math.max(content.sizeBytes, endBytes))
    }
    if (kind !== 'truncate' && kind !== 'open-truncate') return
    content.resize(lengthBytes)
    this.#unsynced?.truncated(file, lengthBytes)
    if (mode >= 0) this.#setMode(operation)
  }

  #lose(operation: Operation): void {
    const content = this.#content(operation)
    for (const page of this.#unsynced?.lose(operation.file, content.sizeBytes) ?? []) {
      content.write(page.offsetBytes, page.bytes)
    }
  }
}

function fileFrom({ content, mode }: Entry & { is: 'file' }): Inode {
  return { is: 'file', content: new Content(Buffer.from(content)), mode }
}

/**
 * What a directory holds after its operations: all that stands in it, by its path from there. `before` is what it held
 * when the observation began, unless that was nothing; of its hard links, none is known. Throws an `Error` where the
 * operations can't have been made on it.
 */
export function rebuild(
  operations: readonly Operation[],
  before: ReadonlyMap<string, Entry> = new Map(),
): Map<string, Entry> {
  const model = new Model(
    before,
    operations.some(({ lost }) => lost),
  )
  for (const operation of operations) model.apply(operation)
  return model.entries
}
