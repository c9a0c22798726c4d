import { type BigIntStats, fstatSync } from 'node:fs'
import { filled } from '../../fuse/request.ts'
import { ATTR_OUT, ENTRY_OUT } from '../../fuse/structs.ts'
import type { Node } from '../nodes.ts'

/** Nobody else changes the directory: what the kernel was told stays true. */
const VALID_SECONDS = 3600

const NS = 1_000_000_000n

function attributes(stats: BigIntStats): Record<string, bigint> {
  return {
    ino: stats.ino,
    size: stats.size,
    blocks: stats.blocks,
    atime: stats.atimeNs / NS,
    mtime: stats.mtimeNs / NS,
    ctime: stats.ctimeNs / NS,
    atimensec: stats.atimeNs % NS,
    mtimensec: stats.mtimeNs % NS,
    ctimensec: stats.ctimeNs % NS,
    mode: stats.mode,
    nlink: stats.nlink,
    uid: stats.uid,
    gid: stats.gid,
    rdev: stats.rdev,
    blksize: stats.blksize,
  }
}

/** The answer that tells what a node is like now. */
export function attributesBody(node: Node): Buffer {
  const stats = fstatSync(node.fd, { bigint: true })
  return filled(ATTR_OUT, { attrValid: VALID_SECONDS, ...attributes(stats) })
}

/** The answer that tells of a node by a name. */
export function entryBody(node: Node, stats = fstatSync(node.fd, { bigint: true })): Buffer {
  return filled(ENTRY_OUT, {
    nodeid: node.id,
    entryValid: VALID_SECONDS,
    attrValid: VALID_SECONDS,
    ...attributes(stats),
  })
}
