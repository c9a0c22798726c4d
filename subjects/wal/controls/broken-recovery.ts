import { basename } from 'node:path'
import type { Control } from '../../../harness/controls/control.ts'
import type { SubjectEntry } from '../../../harness/disk-subject/subject.ts'
import { aroundDisk } from '../../../wal/around-disk.ts'
import type { Disk } from '../../../wal/disk.ts'
import type { Entry } from '../../../wal/entry.ts'
import { decodeJson } from '../../../wal/frame.ts'
import { logPaths, SAFE_SEQ_FILE, SAFE_SEQ_TMP_FILE } from '../../../wal/layout.ts'
import { examine, type Findings, settle } from '../../../wal/recovery.ts'
import { readSafePoint, SAFE_SEQ_BYTES } from '../../../wal/safe-point.ts'
import { isValid, scanFrames } from '../../../wal/scan.ts'
import { Wal } from '../../../wal/wal.ts'

/** Every frame of the log that parses, as a log that trusts the file's structure would return them. */
function readStructure(
  disk: Disk,
  directory: string,
): { entries: SubjectEntry[]; endBytes: number } {
  const { wal } = logPaths(directory)
  const result = { entries: [] as SubjectEntry[], endBytes: 0 }
  if (!disk.exists(wal)) return result
  const file = disk.open(wal, 'read')
  for (const frame of scanFrames(disk, file, disk.sizeBytes(file))) {
    result.endBytes = frame.endBytes
    if (isValid(frame)) result.entries.push(decodeJson(frame.json) as Entry)
  }
  disk.close(file)
  return result
}

/** A disk on which safe_seq is 0 until it is written, so that a log which begins again there goes on. */
function forgetful(disk: Disk): Disk {
  let safeSeq: Uint8Array = new Uint8Array(SAFE_SEQ_BYTES)
  return aroundDisk(disk, ({ name, path, args }, proceed) => {
    const file = basename(path)
    if (name === 'write' && file === SAFE_SEQ_TMP_FILE) safeSeq = (args[1] as Uint8Array).slice()
    const result = proceed()
    if (name === 'peek' && file === SAFE_SEQ_FILE) (args[1] as Uint8Array).set(safeSeq)
    return result
  })
}

/** Our log, begun from findings that are wrong in one way, and read by the structure of its file. */
function withFindings(
  name: string,
  defect: string,
  misfind: (disk: Disk, directory: string) => Findings,
  misread?: (found: Findings) => Findings,
): Control {
  return {
    subject: {
      name,
      open(directory, { disk, log }) {
        const findings = misfind(disk, directory)
        const file = settle(disk, logPaths(directory), findings, log)
        const wal = misread
          ? new Wal(directory, file, misread(findings), { disk: forgetful(disk), log })
          : new Wal(directory, file, findings, { disk, log })
        return {
          append: (fields) => wal.append(fields),
          read: () => readStructure(disk, directory).entries,
          close: () => wal.close(),
        }
      },
    },
    defect,
  }
}

const asFound = (disk: Disk, directory: string): Findings =>
  examine(disk, logPaths(directory), {}, () => {})

export const STRUCTURAL_END = withFindings(
  'structural-end',
  'recovery truncates to the end of the last whole frame and not to the safe point',
  (disk, directory) => {
    const { endBytes } = readStructure(disk, directory)
    return { ...asFound(disk, directory), endBytes }
  },
)

export const SEQUENCE_NOT_RESTORED = withFindings(
  'sequence-not-restored',
  'after a recovery the next seq is 1 again',
  asFound,
  (found) => ({ ...found, safeSeq: 0n }),
)

export const BAD_JSON_SKIPPED = withFindings(
  'bad-json-skipped',
  'a committed frame that does not parse is passed over in silence',
  (disk, directory) => {
    const safeSeq = readSafePoint(disk, logPaths(directory))
    if (safeSeq === undefined) return asFound(disk, directory)
    const { endBytes } = readStructure(disk, directory)
    return {
      safeSeq,
      safeSeqRead: safeSeq,
      endBytes,
      safePointDue: false,
      readOnly: undefined,
    }
  },
)
