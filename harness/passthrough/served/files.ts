import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { constants as osConstants } from 'node:os'
import { OPCODE } from '../../fuse/opcodes.ts'
import { filled } from '../../fuse/request.ts'
import {
  FALLOCATE_IN,
  FSYNC_IN,
  OPEN_IN,
  OPEN_OUT,
  READ_IN,
  RELEASE_IN,
  WRITE_IN,
  WRITE_OUT,
} from '../../fuse/structs.ts'
import { linkTo } from '../nodes.ts'
import { DIRECT, openFlags } from './open-flags.ts'
import { draft, EMPTY, nodeOf, osError, type Row } from './row.ts'

/** FUSE_WRITE_CACHE (linux/fuse.h): the kernel writes a mapped page back. */
const WRITE_CACHE = 1
/** Modes of fallocate(2) (linux/falloc.h). */
export const FALLOCATE = { keepSize: 1, punchHole: 2, zeroRange: 16 } as const

const open: Row = {
  describe(scene) {
    const node = nodeOf(scene)
    const { flags } = scene.request.argument(OPEN_IN)
    const fields = { path: scene.nodes.pathTo(node), file: node.file }
    if ((flags & constants.O_TRUNC) !== 0) return draft(scene, 'open-truncate', fields)
    return scene.plan?.reads ? draft(scene, 'open', fields) : null
  },
  perform(scene) {
    const { flags } = scene.request.argument(OPEN_IN)
    const truncates = flags & constants.O_TRUNC
    const fh = openSync(linkTo(nodeOf(scene)), openFlags(flags) | truncates)
    scene.handles.add(fh)
    return filled(OPEN_OUT, { fh, openFlags: DIRECT })
  },
}

const release: Row = {
  perform({ request, handles }) {
    const { fh } = request.argument(RELEASE_IN)
    handles.delete(fh)
    closeSync(fh)
    return EMPTY
  },
}

const read: Row = {
  describe(scene) {
    if (!scene.plan?.reads) return null
    const node = nodeOf(scene)
    const { offset, size } = scene.request.argument(READ_IN)
    const path = scene.nodes.pathTo(node)
    return draft(scene, 'read', { path, file: node.file, offsetBytes: offset, lengthBytes: size })
  },
  perform({ request }, limitBytes = Number.POSITIVE_INFINITY) {
    const { fh, offset, size } = request.argument(READ_IN)
    const body = Buffer.allocUnsafe(Math.min(size, limitBytes))
    return body.subarray(0, readSync(fh, body, 0, body.length, offset))
  },
}

const write: Row = {
  describe(scene) {
    const node = nodeOf(scene)
    const { offset, size, flags, writeFlags } = scene.request.argument(WRITE_IN)
    return draft(scene, 'write', {
      path: scene.nodes.pathTo(node),
      file: node.file,
      offsetBytes: offset,
      lengthBytes: size,
      cached: (writeFlags & WRITE_CACHE) !== 0,
      synced: (flags & constants.O_DSYNC) !== 0,
      direct: (flags & constants.O_DIRECT) !== 0,
      data: scene.request.behind(WRITE_IN).subarray(0, size),
    })
  },
  perform({ request, plan }, limitBytes = Number.POSITIVE_INFINITY) {
    const { fh, offset, size, flags } = request.argument(WRITE_IN)
    const data = request.behind(WRITE_IN).subarray(0, Math.min(size, limitBytes))
    const wroteBytes = data.length === 0 ? 0 : writeSync(fh, data, 0, data.length, offset)
    if (plan?.syncsBacking && (flags & constants.O_DSYNC) !== 0) fsyncSync(fh)
    return filled(WRITE_OUT, { size: wroteBytes })
  },
}

const fsync: Row = {
  describe(scene) {
    const node = nodeOf(scene)
    return draft(scene, 'fsync', { path: scene.nodes.pathTo(node), file: node.file })
  },
  perform({ request, plan }) {
    if (plan?.syncsBacking) fsyncSync(request.argument(FSYNC_IN).fh)
    return EMPTY
  },
}

function writeZeros(fh: number, from: number, end: number): void {
  const zeros = Buffer.alloc(Math.min(Math.max(end - from, 0), 1024 * 1024))
  for (let at = from; at < end; )
    at += writeSync(fh, zeros, 0, Math.min(zeros.length, end - at), at)
}

const fallocate: Row = {
  describe(scene) {
    const node = nodeOf(scene)
    const { offset, length, mode } = scene.request.argument(FALLOCATE_IN)
    const fields = { offsetBytes: offset, lengthBytes: length, mode }
    const path = scene.nodes.pathTo(node)
    return draft(scene, 'fallocate', { path, file: node.file, ...fields })
  },
  perform({ request }) {
    const { fh, offset, length, mode } = request.argument(FALLOCATE_IN)
    const { keepSize, punchHole, zeroRange } = FALLOCATE
    if ((mode & ~(keepSize | punchHole | zeroRange)) !== 0) {
      throw osError(osConstants.errno.EOPNOTSUPP)
    }
    const { size } = fstatSync(fh)
    const end = offset + length
    // Node has no fallocate(2): what is to read as zeros is written, and no room is set aside.
    if ((mode & (punchHole | zeroRange)) !== 0) writeZeros(fh, offset, Math.min(end, size))
    if ((mode & keepSize) === 0 && end > size) ftruncateSync(fh, end)
    return EMPTY
  },
}

/** What is done with open files. */
export const FILES: Partial<Record<number, Row>> = {
  [OPCODE.open]: open,
  [OPCODE.release]: release,
  [OPCODE.read]: read,
  [OPCODE.write]: write,
  [OPCODE.fsync]: fsync,
  [OPCODE.fallocate]: fallocate,
}
