import { readlinkSync, statfsSync } from 'node:fs'
import { constants } from 'node:os'
import { OPCODE } from '../../fuse/opcodes.ts'
import { filled, MAX_WRITE_BYTES } from '../../fuse/request.ts'
import {
  BATCH_FORGET_IN,
  FORGET_IN,
  FORGET_ONE,
  IN_HEADER,
  INIT_IN,
  INIT_OUT,
  STATFS_OUT,
} from '../../fuse/structs.ts'
import { below, linkTo } from '../nodes.ts'
import { attributesBody, entryBody } from './attributes.ts'
import { EMPTY, nodeOf, osError, type Row } from './row.ts'

const { ENOENT } = constants.errno

/** Flags of FUSE_INIT (linux/fuse.h), and what each is on for. */
const WANTED =
  (1 << 0) | // ASYNC_READ
  (1 << 3) | // ATOMIC_O_TRUNC: an open that truncates is one operation
  (1 << 5) | // BIG_WRITES
  (1 << 18) | // PARALLEL_DIROPS
  (1 << 22) | // MAX_PAGES: a write of a megabyte is one request
  (1 << 23) | // CACHE_SYMLINKS
  (1 << 25) | // EXPLICIT_INVAL_DATA
  (1 << 30) // INIT_EXT: there is a second word
/** Of the second word. */
const WANTED2 =
  (1 << 4) | // DIRECT_IO_ALLOW_MMAP: a file whose every read and write is seen can be mapped (Linux 6.6)
  (1 << 10) // REQUEST_TIMEOUT: whoever waits for a server that is dead gets an error (Linux 6.15)
const MAX_PAGES = 256
const REQUEST_TIMEOUT_SECONDS = 15

const init: Row = {
  perform({ request }) {
    const { flags, flags2, maxReadahead } = request.argument(INIT_IN)
    return filled(INIT_OUT, {
      major: 7,
      minor: 41,
      maxReadahead,
      // Shifted, for a flag in the highest bit would make it negative.
      flags: (flags & WANTED) >>> 0,
      flags2: (flags2 & WANTED2) >>> 0,
      maxBackground: 16,
      congestionThreshold: 12,
      maxWrite: MAX_WRITE_BYTES,
      timeGran: 1,
      maxPages: MAX_PAGES,
      requestTimeout: REQUEST_TIMEOUT_SECONDS,
    })
  },
}

const lookup: Row = {
  perform(scene) {
    const [name = ''] = scene.request.names({ sizeBytes: 0 }, 1)
    const found = scene.nodes.lookUp(nodeOf(scene), name)
    if (found === undefined) throw osError(ENOENT)
    return entryBody(found.node, found.stats)
  },
}

const forget: Row = {
  perform({ request, nodes }) {
    nodes.forget(request.header.nodeid, request.argument(FORGET_IN).nlookup)
    return EMPTY
  },
}

const batchForget: Row = {
  perform({ request, nodes }) {
    const { count } = request.argument(BATCH_FORGET_IN)
    for (let i = 0; i < count; i++) {
      const at = IN_HEADER.sizeBytes + BATCH_FORGET_IN.sizeBytes + i * FORGET_ONE.sizeBytes
      const { nodeid, nlookup } = request.at(FORGET_ONE, at)
      nodes.forget(nodeid, nlookup)
    }
    return EMPTY
  },
}

const readlink: Row = {
  perform(scene) {
    const node = nodeOf(scene)
    const name = node.names.at(-1)
    // An empty path would read the link itself (readlinkat(2)); Node has no such call.
    if (name === undefined) throw osError(ENOENT)
    return readlinkSync(below(name.parent, name.name), 'buffer')
  },
}

const statfs: Row = {
  perform({ nodes }) {
    const { blocks, bfree, bavail, files, ffree, bsize } = statfsSync(linkTo(nodes.root))
    const MAX_NAME_BYTES = 255
    return filled(STATFS_OUT, {
      ...{ blocks, bfree, bavail, files, ffree, bsize },
      namelen: MAX_NAME_BYTES,
      frsize: bsize,
    })
  },
}

/** What tells of the directory and changes nothing. */
export const LOOKUPS: Partial<Record<number, Row>> = {
  [OPCODE.init]: init,
  [OPCODE.lookup]: lookup,
  [OPCODE.forget]: forget,
  [OPCODE.batchForget]: batchForget,
  [OPCODE.getattr]: { perform: (scene) => attributesBody(nodeOf(scene)) },
  [OPCODE.readlink]: readlink,
  [OPCODE.statfs]: statfs,
  [OPCODE.destroy]: { perform: () => EMPTY },
}
