import type { Kind, Operation } from './operation.ts'
import { UnsyncedPages } from './unsynced-pages.ts'

/** What stands at a path. */
export type Entry =
  | { is: 'file'; content: Buffer; mode: number }
  | { is: 'directory'; mode: number }
  | { is: 'link'; to: string }
  | { is: 'pipe' | 'socket'; mode: number }

/** Modes of fallocate(2) (linux/falloc.h). */
const FALLOC_KEEP_SIZE = 1
const FALLOC_PUNCH_OR_ZERO = 2 | 16

/** A file that grows without being copied for each write. */
class Content {
  #bytes: Buffer
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
  /** What each kind does to the directory; what is not named changes nothing that stands there. */
  readonly #effects: Partial<Record<Kind, (operation: Operation) => void>> = {
    create: (operation) => {
      const { mode } = operation
      this.#make(operation, { is: 'file', content: new Content(), mode })
    },
    mkdir: (operation) => this.#make(operation, { is: 'directory', mode: operation.mode }),
    symlink: (operation) => this.#make(operation, { is: 'link', to: operation.to }),
    mkfifo: (operation) => this.#make(operation, { is: 'pipe', mode: operation.mode }),
    bind: (operation) => this.#make(operation, { is: 'socket', mode: operation.mode }),
    link: (operation) => this.#names.set(operation.to, this.#inode(operation)),
    unlink: (operation) => this.#remove(operation),
    rmdir: (operation) => this.#remove(operation),
    rename: (operation) => this.#rename(operation),
    exchange: (operation) => this.#exchange(operation),
    fsync: ({ file }) => this.#unsynced?.synced(file),
    chmod: (operation) => this.#setMode(operation),
    chown: (operation) => this.#setMode(operation),
    'open-truncate': (operation) => this.#truncate(operation),
    truncate: (operation) => this.#truncate(operation),
    write: (operation) => this.#write(operation),
    fallocate: (operation) => this.#allocate(operation),
  }

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
    this.#effects[operation.kind]?.(operation)
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
    for (const [name, inode] of this.#take(path)) this.#names.set(`${to}${name}`, inode)
  }

  #exchange(operation: Operation): void {
    const { n, path, to, replaced } = operation
    this.#inode(operation)
    this.#inode({ n, file: replaced, path: to })
    const [one, other] = [this.#take(path), this.#take(to)]
    for (const [name, inode] of one) this.#names.set(`${to}${name}`, inode)
    for (const [name, inode] of other) this.#names.set(`${path}${name}`, inode)
  }

  /** Removes a path with all below it, and returns what stood there, each by what its path had behind that. */
  #take(path: string): [string, Inode][] {
    const taken = [...this.#names].filter(([name]) => name === path || name.startsWith(`${path}/`))
    for (const [name] of taken) this.#names.delete(name)
    return taken.map(([name, inode]) => [name.slice(path.length), inode])
  }

  #setMode(operation: Operation): void {
    const inode = this.#inode(operation)
    if (operation.mode >= 0 && inode.is !== 'link') inode.mode = operation.mode
  }

  #remove(operation: Operation): void {
    // Whoever has it open still writes to it, by its number.
    if (operation.file !== 0) this.#inode(operation)
    this.#names.delete(operation.path)
  }

  #truncate(operation: Operation): void {
    const { file, lengthBytes, mode } = operation
    this.#content(operation).resize(lengthBytes)
    this.#unsynced?.truncated(file, lengthBytes)
    if (mode >= 0) this.#setMode(operation)
  }

  #write(operation: Operation): void {
    const { file, offsetBytes, wroteBytes, data, synced } = operation
    const content = this.#content(operation)
    this.#keep(operation, content)
    content.write(offsetBytes, data.subarray(0, wroteBytes))
    if (synced) this.#unsynced?.syncedRange(file, operation)
  }

  #allocate(operation: Operation): void {
    const { offsetBytes, lengthBytes, mode } = operation
    const content = this.#content(operation)
    const endBytes = offsetBytes + lengthBytes
    if ((mode & FALLOC_PUNCH_OR_ZERO) !== 0) {
      this.#keep(operation, content)
      content.zero(offsetBytes, endBytes)
    }
    if ((mode & FALLOC_KEEP_SIZE) === 0) content.resize(Math.max(content.sizeBytes, endBytes))
  }

  #keep(operation: Operation, content: Content): void {
    const read = (at: number, size: number) => content.bytes.subarray(at, at + size)
    this.#unsynced?.beforeWrite(operation.file, operation, read)
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
