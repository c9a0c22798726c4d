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

const ROLES: Record<string, string> = {
  'telemetry.wal': 'wal',
  'telemetry.safe_seq': 'safe-seq',
  'telemetry.safe_seq.tmp': 'safe-seq-tmp',
  'telemetry.wal.cut.tmp': 'cut-tmp',
}
/** What a recovery kept; the seq behind which it was cut off is part of its name. */
const KEPT_PREFIX = 'telemetry.wal.cut-'

const VERBS: Partial<Record<DiskCall['name'], string>> = {
  sizeBytes: 'size',
}

/** The name of an operation: the role of its file and its verb, in lower case. */
export function operationName(call: DiskCall): string {
  if (call.name === 'syncDirectory') return 'directory-sync'
  const file = basename(call.path)
  const role = ROLES[file] ?? (file.startsWith(KEPT_PREFIX) ? 'cut' : file)
  return `${role}-${VERBS[call.name] ?? call.name}`
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
