import { join } from 'node:path'
import type { Subject } from '../../harness/disk-subject/subject.ts'
import { readFully, writeFully } from '../../wal/disk.ts'

/** The file that is replaced. */
export const TARGET_FILE = 'target'
/** What it is replaced from. */
export const TARGET_TMP_FILE = 'target.tmp'

/**
 * What every log rests on: a file replaced by rename(2) holds its old content or its new one. An
 * "append" replaces the target's content by the payload's text; a "read" returns what it holds.
 */
export const atomicRenameSubject: Subject = {
  name: 'atomic-rename',
  open(directory, { disk }) {
    const target = join(directory, TARGET_FILE)
    const tmp = join(directory, TARGET_TMP_FILE)
    let replaced = 0n
    return {
      append({ text }) {
        const file = disk.open(tmp, 'replace')
        writeFully(disk, file, Buffer.from(String(text)), 0)
        disk.sync(file)
        disk.close(file)
        disk.rename(tmp, target)
        disk.syncDirectory(directory)
        return ++replaced
      },
      read() {
        if (!disk.exists(target)) return []
        const file = disk.open(target, 'read')
        const bytes = Buffer.alloc(disk.sizeBytes(file))
        readFully(disk, file, bytes, 0)
        disk.close(file)
        return [{ seq: 1n, fields: { text: bytes.toString() } }]
      },
      close() {},
    }
  },
}
