import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { constants as osConstants } from 'node:os'
import { OPCODE } from '../../fuse/opcodes.ts'
import { filled } from '../../fuse/request.ts'
import {
  CREATE_IN,
  LINK_IN,
  MKDIR_IN,
  MKNOD_IN,
  OPEN_OUT,
  RENAME_IN,
  RENAME2_IN,
} from '../../fuse/structs.ts'
import { below, linkTo, type Node, pathOf } from '../nodes.ts'
import type { Kind } from '../operation.ts'
import { entryBody } from './attributes.ts'
import { DIRECT, openFlags } from './open-flags.ts'
import { draft, EMPTY, nodeOf, osError, type Row, type Scene } from './row.ts'

const { EEXIST, EINVAL, ENOENT, EPERM } = osConstants.errno
/** linux/fs.h */
const RENAME_NOREPLACE = 1
const RENAME_EXCHANGE = 2
const NO_ARGUMENT = { sizeBytes: 0 }

/** What was just made belongs to whoever asked for it; returns its node. */
function madeBy(scene: Scene, parent: Node, name: string): Node {
  const { uid, gid } = scene.request.header
  const found = scene.nodes.lookUp(parent, name, true)
  if (found === undefined) throw osError(ENOENT)
  const { node, stats } = found
  if (Number(stats.uid) === uid && Number(stats.gid) === gid) return node
  if (stats.isSymbolicLink()) lchownSync(below(parent, name), uid, gid)
  else chownSync(linkTo(node), uid, gid)
  return node
}

/** The permissions of a file that is made, as the caller's umask leaves them. */
const masked = ({ mode, umask }: { mode: number; umask: number }): number => mode & ~umask & 0o7777

const create: Row = {
  describe(scene) {
    const [name = ''] = scene.request.names(CREATE_IN, 1)
    const path = scene.nodes.pathIn(nodeOf(scene), name)
    return draft(scene, 'create', { path, mode: masked(scene.request.argument(CREATE_IN)) })
  },
  perform(scene) {
    const parent = nodeOf(scene)
    const asked = scene.request.argument(CREATE_IN)
    const [name = ''] = scene.request.names(CREATE_IN, 1)
    const path = below(parent, name)
    // The kernel asks to create what it takes to be missing, and nobody else makes files here.
    const flags = openFlags(asked.flags) | constants.O_CREAT | constants.O_EXCL
    const fh = openSync(path, flags, 0o600)
    scene.handles.add(fh)
    chmodSync(path, masked(asked))
    const node = madeBy(scene, parent, name)
    return Buffer.concat([entryBody(node), filled(OPEN_OUT, { fh, openFlags: DIRECT })])
  },
}

/** What mknod(2) makes here, by the type of the file; devices are not made. */
const MADE_BY_MKNOD = new Map<number, Kind>([
  [constants.S_IFREG, 'create'],
  [constants.S_IFIFO, 'mkfifo'],
  [constants.S_IFSOCK, 'bind'],
])

const typeOf = ({ mode }: { mode: number }): number => mode & constants.S_IFMT

const mknod: Row = {
  describe(scene) {
    const asked = scene.request.argument(MKNOD_IN)
    const kind = MADE_BY_MKNOD.get(typeOf(asked))
    if (kind === undefined) return null
    const [name = ''] = scene.request.names(MKNOD_IN, 1)
    const path = scene.nodes.pathIn(nodeOf(scene), name)
    return draft(scene, kind, { path, mode: masked(asked) })
  },
  perform(scene) {
    const asked = scene.request.argument(MKNOD_IN)
    const type = typeOf(asked)
    if (!MADE_BY_MKNOD.has(type)) throw osError(EPERM)
    const parent = nodeOf(scene)
    const [name = ''] = scene.request.names(MKNOD_IN, 1)
    const path = below(parent, name)
    if (type === constants.S_IFREG) closeSync(openSync(path, 'wx', 0o600))
    else scene.calls.makeNode(path, type | 0o600)
    chmodSync(path, masked(asked))
    return entryBody(madeBy(scene, parent, name))
  },
}

const mkdir: Row = {
  describe(scene) {
    const [name = ''] = scene.request.names(MKDIR_IN, 1)
    const path = scene.nodes.pathIn(nodeOf(scene), name)
    return draft(scene, 'mkdir', { path, mode: masked(scene.request.argument(MKDIR_IN)) })
  },
  perform(scene) {
    const parent = nodeOf(scene)
    const [name = ''] = scene.request.names(MKDIR_IN, 1)
    const path = below(parent, name)
    mkdirSync(path)
    chmodSync(path, masked(scene.request.argument(MKDIR_IN)))
    return entryBody(madeBy(scene, parent, name))
  },
}

const symlink: Row = {
  describe(scene) {
    const [name = '', to = ''] = scene.request.names(NO_ARGUMENT, 2)
    return draft(scene, 'symlink', { path: scene.nodes.pathIn(nodeOf(scene), name), to })
  },
  perform(scene) {
    const parent = nodeOf(scene)
    const [name = '', to = ''] = scene.request.names(NO_ARGUMENT, 2)
    symlinkSync(pathOf(to), below(parent, name))
    return entryBody(madeBy(scene, parent, name))
  },
}

const link: Row = {
  describe(scene) {
    const { nodes, request } = scene
    const node = nodes.get(request.argument(LINK_IN).oldnodeid)
    const [name = ''] = request.names(LINK_IN, 1)
    const to = nodes.pathIn(nodeOf(scene), name)
    return draft(scene, 'link', { path: nodes.pathTo(node), to, file: node.file })
  },
  perform(scene) {
    const { nodes, request } = scene
    const parent = nodeOf(scene)
    const node = nodes.get(request.argument(LINK_IN).oldnodeid)
    const [name = ''] = request.names(LINK_IN, 1)
    const known = node.names.at(-1)
    // Only linkat(2) could give a file without a name one.
    if (known === undefined) throw osError(ENOENT)
    linkSync(below(known.parent, known.name), below(parent, name))
    const found = nodes.lookUp(parent, name)
    if (found === undefined) throw osError(ENOENT)
    return entryBody(found.node, found.stats)
  },
}

function removing(kind: 'unlink' | 'rmdir', remove: (path: string | Buffer) => void): Row {
  return {
    describe(scene) {
      const parent = nodeOf(scene)
      const [name = ''] = scene.request.names(NO_ARGUMENT, 1)
      const file = scene.nodes.named(parent, name)?.file ?? 0
      return draft(scene, kind, { path: scene.nodes.pathIn(parent, name), file })
    },
    perform(scene) {
      const parent = nodeOf(scene)
      const [name = ''] = scene.request.names(NO_ARGUMENT, 1)
      remove(below(parent, name))
      scene.nodes.removeName(parent, name)
      return EMPTY
    },
  }
}

interface Renaming {
  from: Node
  oldName: string
  to: Node
  newName: string
  flags: number
}

function renamingOf(scene: Scene): Renaming {
  const { request, nodes } = scene
  const struct = request.header.opcode === OPCODE.rename2 ? RENAME2_IN : RENAME_IN
  const { newdir } = request.argument(RENAME_IN)
  const flags = struct === RENAME2_IN ? request.argument(RENAME2_IN).flags : 0
  const [oldName = '', newName = ''] = request.names(struct, 2)
  return { from: nodeOf(scene), oldName, to: nodes.get(newdir), newName, flags }
}

/** Each of two names gets what the other one had. */
function exchange({ nodes, calls }: Scene, { from, oldName, to, newName }: Renaming): Uint8Array {
  const [one, other] = [nodes.named(from, oldName), nodes.named(to, newName)]
  calls.exchange(below(from, oldName), below(to, newName))
  if (one === other) return EMPTY
  nodes.removeName(from, oldName)
  nodes.removeName(to, newName)
  if (one !== undefined) nodes.addName(one, to, newName)
  if (other !== undefined) nodes.addName(other, from, oldName)
  return EMPTY
}

const rename: Row = {
  describe(scene) {
    const { nodes } = scene
    const { from, oldName, to, newName, flags } = renamingOf(scene)
    return draft(scene, flags === RENAME_EXCHANGE ? 'exchange' : 'rename', {
      path: nodes.pathIn(from, oldName),
      to: nodes.pathIn(to, newName),
      file: nodes.named(from, oldName)?.file ?? 0,
      replaced: nodes.named(to, newName)?.file ?? 0,
    })
  },
  perform(scene) {
    const { nodes } = scene
    const renaming = renamingOf(scene)
    const { from, oldName, to, newName, flags } = renaming
    if (flags === RENAME_EXCHANGE) return exchange(scene, renaming)
    if ((flags & ~RENAME_NOREPLACE) !== 0) throw osError(EINVAL)
    const target = below(to, newName)
    if (flags !== 0 && lstatSync(target, { throwIfNoEntry: false })) throw osError(EEXIST)
    const node = nodes.named(from, oldName)
    const isSame = node !== undefined && nodes.named(to, newName) === node
    renameSync(below(from, oldName), target)
    // Of two names of one file, rename(2) removes neither.
    if (node === undefined || isSame) return EMPTY
    nodes.removeName(to, newName)
    nodes.removeName(from, oldName)
    nodes.addName(node, to, newName)
    return EMPTY
  },
}

/** What makes, moves and removes names. */
export const NAMES: Partial<Record<number, Row>> = {
  [OPCODE.create]: create,
  [OPCODE.mknod]: mknod,
  [OPCODE.mkdir]: mkdir,
  [OPCODE.symlink]: symlink,
  [OPCODE.link]: link,
  [OPCODE.unlink]: removing('unlink', unlinkSync),
  [OPCODE.rmdir]: removing('rmdir', rmdirSync),
  [OPCODE.rename]: rename,
  [OPCODE.rename2]: rename,
}
