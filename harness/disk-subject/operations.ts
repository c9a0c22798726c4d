import { basename } from 'node:path'
import type { DiskCall } from '../../wal/around-disk.ts'

/** One file operation of a subject, as it was counted. */
export interface Operation {
  /** Counted from 1 in its process. */
  number: number
  /** What the subject was doing: `open`, `append 3`, `read`, `close`. */
  during: string
  /** Its name: the file's role and what is done to it, such as `wal-sync` or `directory-sync`. */
  name: string
  /** Of a write: how long it is. */
  writeBytes?: number
}

/** Gives the name by which a file is called in the names of operations. */
export type RoleOf = (file: string) => string

const VERBS: Partial<Record<DiskCall['name'], string>> = {
  sizeBytes: 'size',
}

/** The name of an operation: the role of its file and its verb, in lower case. */
export function operationName(call: DiskCall, roleOf: RoleOf = (file) => file): string {
  if (call.name === 'syncDirectory') return 'directory-sync'
  return `${roleOf(basename(call.path))}-${VERBS[call.name] ?? call.name}`
}

/** A point in words: `append 3: before wal-sync (operation 21)`. */
export function pointInWords(point: {
  moment: string
  number: number
  name: string
  writtenBytes?: number
}): string {
  const [during, operation] = point.name.split(': ')
  const bytes = point.writtenBytes === undefined ? '' : `, after ${point.writtenBytes} bytes`
  return `${during}: ${point.moment} ${operation} (operation ${point.number}${bytes})`
}
