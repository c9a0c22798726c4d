import { closeSync, constants, type Dirent, fsyncSync, openSync, readdirSync } from 'node:fs'
import { OPCODE } from '../../fuse/opcodes.ts'
import { filled } from '../../fuse/request.ts'
import { DIRENT, FSYNC_IN, OPEN_OUT, READ_IN, RELEASE_IN } from '../../fuse/structs.ts'
import { linkTo, type Node } from '../nodes.ts'
import { draft, EMPTY, nodeOf, type Row } from './row.ts'

/** What stands in an entry whose number is not told (FUSE_UNKNOWN_INO of libfuse): 0 would be no entry. */
const UNKNOWN_INODE = 0xffff_ffff

/** DT_… of linux/fs_types.h. */
const TYPE = { pipe: 1, directory: 4, file: 8, link: 10, socket: 12, unknown: 0 } as const

function typeOf(entry: Dirent): number {
  if (entry.isDirectory()) return TYPE.directory
  if (entry.isFile()) return TYPE.file
  if (entry.isSymbolicLink()) return TYPE.link
  if (entry.isFIFO()) return TYPE.pipe
  return entry.isSocket() ? TYPE.socket : TYPE.unknown
}

const opendir: Row = {
  perform(scene) {
    const fh = openSync(linkTo(nodeOf(scene)), constants.O_RDONLY | constants.O_DIRECTORY)
    scene.handles.add(fh)
    return filled(OPEN_OUT, { fh })
  },
}

const releasedir: Row = {
  perform({ request, handles, listings }) {
    const { fh } = request.argument(RELEASE_IN)
    listings.delete(fh)
    handles.delete(fh)
    closeSync(fh)
    return EMPTY
  },
}

/** Each entry as the kernel takes it; what stands before entry i is told to have the offset i. */
function listing(node: Node): Uint8Array[] {
  const entries = readdirSync(linkTo(node), { withFileTypes: true, encoding: 'buffer' })
  const named = entries.map((entry) => ({
    name: entry.name as unknown as Uint8Array,
    type: typeOf(entry as unknown as Dirent),
  }))
  const dots = ['.', '..'].map((name) => ({ name: Buffer.from(name), type: TYPE.directory }))
  return [...dots, ...named].map(({ name, type }, i) => {
    const head = filled(DIRENT, { ino: UNKNOWN_INODE, off: i + 1, namelen: name.length, type })
    const padding = Buffer.alloc(-(head.length + name.length) & 7)
    return Buffer.concat([head, name, padding])
  })
}

const readdir: Row = {
  perform(scene) {
    const { fh, offset, size } = scene.request.argument(READ_IN)
    // From the beginning again, as after rewinddir(3), it is read again.
    const entries = (offset > 0 ? scene.listings.get(fh) : undefined) ?? listing(nodeOf(scene))
    scene.listings.set(fh, entries)
    let end = offset
    for (let bytes = 0; end < entries.length; end++) {
      bytes += entries[end]?.length ?? 0
      if (bytes > size) break
    }
    return Buffer.concat(entries.slice(offset, end))
  },
}

const fsyncdir: Row = {
  describe(scene) {
    const node = nodeOf(scene)
    return draft(scene, 'fsyncdir', { path: scene.nodes.pathTo(node), file: node.file })
  },
  perform({ request, plan }) {
    if (plan?.syncsBacking) fsyncSync(request.argument(FSYNC_IN).fh)
    return EMPTY
  },
}

/** What is done with open directories. */
export const DIRECTORIES: Partial<Record<number, Row>> = {
  [OPCODE.opendir]: opendir,
  [OPCODE.readdir]: readdir,
  [OPCODE.releasedir]: releasedir,
  [OPCODE.fsyncdir]: fsyncdir,
}
