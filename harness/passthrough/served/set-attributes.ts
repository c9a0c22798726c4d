import { chmodSync, chownSync, truncateSync } from 'node:fs'
import { OPCODE } from '../../fuse/opcodes.ts'
import { SETATTR_IN } from '../../fuse/structs.ts'
import type { FileTime } from '../../process/system-calls.ts'
import { linkTo } from '../nodes.ts'
import { attributesBody } from './attributes.ts'
import { draft, nodeOf, type Row } from './row.ts'

/** Which fields of a FUSE_SETATTR are valid (FATTR_… in linux/fuse.h). */
const SET = {
  mode: 1 << 0,
  uid: 1 << 1,
  gid: 1 << 2,
  size: 1 << 3,
  atime: 1 << 4,
  mtime: 1 << 5,
  atimeNow: 1 << 7,
  mtimeNow: 1 << 8,
} as const

type Asked = ReturnType<(typeof SETATTR_IN)['read']>

const has = ({ valid }: Asked, bits: number): boolean => (valid & bits) !== 0

function accessTime(asked: Asked): FileTime {
  if (has(asked, SET.atimeNow)) return 'now'
  return has(asked, SET.atime) ? { seconds: asked.atime, nanoseconds: asked.atimensec } : 'kept'
}

function changeTime(asked: Asked): FileTime {
  if (has(asked, SET.mtimeNow)) return 'now'
  return has(asked, SET.mtime) ? { seconds: asked.mtime, nanoseconds: asked.mtimensec } : 'kept'
}

const setattr: Row = {
  describe(scene) {
    const node = nodeOf(scene)
    const asked = scene.request.argument(SETATTR_IN)
    const mode = has(asked, SET.mode) ? asked.mode & 0o7777 : -1
    const fields = { path: scene.nodes.pathTo(node), file: node.file, mode }
    // A call that sets one thing may set others along: it is named by what weighs most.
    if (has(asked, SET.size))
      return draft(scene, 'truncate', { ...fields, lengthBytes: asked.size })
    if (has(asked, SET.uid | SET.gid)) return draft(scene, 'chown', fields)
    return draft(scene, has(asked, SET.mode) ? 'chmod' : 'utimes', fields)
  },
  perform(scene) {
    const node = nodeOf(scene)
    const asked = scene.request.argument(SETATTR_IN)
    if (has(asked, SET.size)) truncateSync(linkTo(node), asked.size)
    if (has(asked, SET.uid | SET.gid)) {
      const uid = has(asked, SET.uid) ? asked.uid : -1
      const gid = has(asked, SET.gid) ? asked.gid : -1
      chownSync(linkTo(node), uid, gid)
    }
    if (has(asked, SET.mode)) chmodSync(linkTo(node), asked.mode & 0o7777)
    if (has(asked, SET.atime | SET.mtime | SET.atimeNow | SET.mtimeNow)) {
      scene.calls.setTimes(linkTo(node), accessTime(asked), changeTime(asked))
    }
    return attributesBody(node)
  },
}

/** What changes a file's length, owner, permissions and times. */
export const SET_ATTRIBUTES: Partial<Record<number, Row>> = { [OPCODE.setattr]: setattr }
