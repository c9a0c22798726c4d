import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs'

/** open(2) that names a file without opening it (linux/fcntl.h), which Node does not know. */
const O_PATH = 0o10000000

export const ROOT_NODE = 1

/** Names are those of the directory, a character a byte (latin1). */
interface Name {
  parent: Node
  name: string
}

/** A file or directory that the kernel knows. */
export interface Node {
  readonly id: number
  /** Held open without access: by it the file is reached whatever becomes of its names. */
  readonly fd: number
  readonly key: string
  /** Whose data it is: the same for all names, and another one for each file that was ever made. */
  readonly file: number
  /** How often the kernel was told of it. */
  lookups: number
  /** How many names lie in it. */
  children: number
  /** The one that was used last stands last. */
  names: Name[]
  /** Where it was by the last name that it had, for one that has none any more. */
  lastPath: string
}

const keyOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`

// biome-ignore lint/suspicious/noControlCharactersInRegex: a name may hold any byte but zero and the slash
const ASCII = /^[\x00-\x7f]*$/

/** A path for a call of Node's that is made of characters which stand for bytes. */
export function pathOf(latin1: string): string | Buffer {
  return ASCII.test(latin1) ? latin1 : Buffer.from(latin1, 'latin1')
}

/** How a node's file is named in this process: what it leads to is the file itself, named or not. */
export const linkTo = ({ fd }: Node): string => `/proc/self/fd/${fd}`

/** How what has a name in a directory is called in this process. */
export const below = (parent: Node, name: string): string | Buffer =>
  pathOf(`${linkTo(parent)}/${name}`)

/** The files and directories that the kernel knows, each by its number, and by what it is called. */
export class Nodes {
  readonly root: Node
  readonly #byId = new Map<number, Node>()
  readonly #byKey = new Map<string, Node>()
  readonly #byName = new Map<string, Node>()
  /** Outlive their nodes, for the kernel may forget a file and ask for it again. */
  readonly #files = new Map<string, number>()
  #lastId = ROOT_NODE
  #lastFile = 0

  constructor(backing: string) {
    const fd = openSync(backing, O_PATH | constants.O_DIRECTORY)
    const key = keyOf(fstatSync(fd, { bigint: true }))
    const file = this.#fileOf(key)
    this.root = { id: ROOT_NODE, fd, key, file, lookups: 1, children: 0, names: [], lastPath: '' }
    this.#byId.set(ROOT_NODE, this.root)
  }

  /** Throws ESTALE for a number that was never given away, or is forgotten. */
  get(id: number): Node {
    const node = this.#byId.get(id)
    if (node === undefined) throw Object.assign(new Error(`no node ${id}`), { errno: -116 })
    return node
  }

  /** The node that the kernel knows by a name. */
  named(parent: Node, name: string): Node | undefined {
    return this.#byName.get(`${parent.id}/${name}`)
  }

  /**
   * Finds what has a name and tells the kernel of it; undefined where nothing has. `isNew`: it was just made, maybe with
   * the inode of a file that is gone and forgotten, as ext4 gives them.
   */
  lookUp(
    parent: Node,
    name: string,
    isNew = false,
  ): { node: Node; stats: BigIntStats } | undefined {
    const path = below(parent, name)
    const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true })
    if (stats === undefined) return undefined
    const key = keyOf(stats)
    if (isNew) this.#files.delete(key)
    const node = this.#byKey.get(key) ?? this.#add(path, key)
    node.lookups += 1
    this.addName(node, parent, name)
    return { node, stats }
  }

  addName(node: Node, parent: Node, name: string): void {
    const before = this.named(parent, name)
    if (before === node && node.names.length === 1) return
    if (before !== undefined) this.removeName(parent, name)
    node.names.push({ parent, name })
    parent.children += 1
    this.#byName.set(`${parent.id}/${name}`, node)
  }

  removeName(parent: Node, name: string): void {
    const key = `${parent.id}/${name}`
    const node = this.#byName.get(key)
    if (node === undefined) return
    this.#byName.delete(key)
    node.lastPath = this.pathIn(parent, name)
    node.names = node.names.filter((each) => each.parent !== parent || each.name !== name)
    parent.children -= 1
    this.#closeUnused(parent)
  }

  /** The kernel takes back that it was told of a node so many times. */
  forget(id: number, count: number): void {
    const node = this.#byId.get(id)
    if (node === undefined || node === this.root) return
    node.lookups -= count
    this.#closeUnused(node)
  }

  /** Lets go of all of them. */
  close(): void {
    for (const { fd } of this.#byId.values()) closeSync(fd)
    this.#byId.clear()
  }

  /** To be called where an observation begins: what the kernel does not know is met anew. */
  forgetUnknown(): void {
    for (const key of this.#files.keys()) {
      if (key !== this.root.key && !this.#byKey.has(key)) this.#files.delete(key)
    }
  }

  /** Where a node is, from the root, by the name that was used last; a character a byte. */
  pathTo(node: Node): string {
    const last = node.names.at(-1)
    return last === undefined ? node.lastPath : this.pathIn(last.parent, last.name)
  }

  pathIn(parent: Node, name: string): string {
    const path = this.pathTo(parent)
    return path === '' ? name : `${path}/${name}`
  }

  #add(path: string | Buffer, key: string): Node {
    const fd = openSync(path, O_PATH | constants.O_NOFOLLOW)
    const node: Node = {
      id: ++this.#lastId,
      fd,
      key,
      file: this.#fileOf(key),
      lookups: 0,
      children: 0,
      names: [],
      lastPath: '',
    }
    this.#byId.set(node.id, node)
    this.#byKey.set(key, node)
    return node
  }

  #fileOf(key: string): number {
    const file = this.#files.get(key) ?? ++this.#lastFile
    this.#files.set(key, file)
    return file
  }

  /** While something that the kernel knows lies in it, a directory's place is needed. */
  #closeUnused(node: Node): void {
    if (node.lookups > 0 || node.children > 0 || node === this.root) return
    if (!this.#byId.delete(node.id)) return
    this.#byKey.delete(node.key)
    closeSync(node.fd)
    for (const { parent, name } of [...node.names]) this.removeName(parent, name)
  }
}
