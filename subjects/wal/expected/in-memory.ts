import { basename, join } from 'node:path'
import type { Operation } from '../../../harness/disk-subject/operations.ts'
import { playVictim } from '../../../harness/disk-subject/play-victim.ts'
import type { Point } from '../../../harness/disk-subject/point.ts'
import type { VictimEnd } from '../../../harness/disk-subject/run-victim.ts'
import type { Payload, Subject } from '../../../harness/disk-subject/subject.ts'
import { type Visited, visitHere } from '../../../harness/disk-subject/visit.ts'
import type { AnyPhantomShape } from '../../../harness/plan/plan.ts'
import { memoryDisk } from '../../../wal/memory-disk.ts'
import { jsonOffset, phantomBytes, WAL_FILE } from '../damage.ts'
import { roleOf } from '../roles.ts'

/** Where the subject's files are; no such directory is on any disk. */
export const DIRECTORY = '/in-memory'

/** The files of a subject by path. What a process leaves is another map; no bytes are changed in place. */
export type Files = ReadonlyMap<string, Uint8Array>

export const NO_FILES: Files = new Map()

/** Thrown out of a subject at its point: what it does on the way out is done to files that nobody sees. */
class Died extends Error {}

/** What a process that was killed, or came to its end, had told, and the files that it left. */
export interface Victim extends Pick<VictimEnd, 'acked' | 'operations' | 'announced' | 'done'> {
  files: Files
}

/**
 * Runs a victim in memory: a kill leaves what had been done by then, as the page cache does that
 * outlives a killed process.
 */
export function runVictimInMemory(
  subject: Subject,
  files: Files,
  { entries, point }: { entries: Payload[]; point?: Point },
): Victim {
  const disk = memoryDisk(Object.fromEntries(files))
  const end: Victim = { acked: [], operations: [], announced: undefined, done: false, files }
  let left: Files | undefined
  const job = { directory: DIRECTORY, entries, trace: true, ...(point && { point }) }
  playVictim(subject, job, {
    disk,
    roleOf,
    tell: (line) => {
      if (left !== undefined) return
      if ('acked' in line) end.acked.push(line.acked)
      else if ('operation' in line) end.operations.push(line.operation)
      else if ('point' in line)
        end.announced = { operation: line.point, writtenBytes: line.writtenBytes }
      else if ('done' in line) end.done = true
    },
    die: () => {
      left ??= new Map(disk.files)
      throw new Died()
    },
  })
  return { ...end, files: left ?? new Map(disk.files) }
}

/** Reopens a subject in memory: what that gave, and the files that it leaves. */
export function reopenInMemory(
  subject: Subject,
  files: Files,
  request: { append?: Payload[]; trace?: boolean } = {},
): Visited & { files: Files } {
  const disk = memoryDisk(Object.fromEntries(files))
  const visited = visitHere(subject, { disk, roleOf }, { directory: DIRECTORY, ...request })
  return { ...visited, files: new Map(disk.files) }
}

const WAL = join(DIRECTORY, WAL_FILE)

/** The files after a phantom was left behind the log's back. */
export function withPhantom(files: Files, shape: AnyPhantomShape, entries: number): Files {
  const log = files.get(WAL) ?? Buffer.alloc(0)
  return new Map([...files, [WAL, Buffer.concat([log, phantomBytes(shape, entries)])]])
}

/** The files after an entry was rotted; null when the log has no such entry. */
export function withRot(files: Files, entry: number): Files | null {
  const log = Buffer.from(files.get(WAL) ?? [])
  const offset = jsonOffset(log, entry)
  if (offset === undefined) return null
  log[offset] = 0
  return new Map([...files, [WAL, log]])
}

/** The names of the files that differ, in order. */
export function changedFiles(before: Files, after: Files): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  const same = (path: string): boolean => {
    const [one, other] = [before.get(path), after.get(path)]
    return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0
  }
  return paths.filter((path) => !same(path)).map((path) => basename(path))
}

/** The operations of opening the subject and appending: as `traceWriter` counts them. */
export function traceInMemory(subject: Subject, entries: Payload[]): Operation[] {
  const { operations } = runVictimInMemory(subject, NO_FILES, { entries })
  return operations.filter(({ during }) => during !== 'close')
}
