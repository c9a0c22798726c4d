import { MARKER_FILE } from '../marker.ts'
import { NEIGHBOUR_FILE } from '../neighbour.ts'
import { SUBJECT_DIRECTORY } from '../record.ts'
import type { FileOnDisk } from './files-on-disk.ts'

/** A file as it is told: of the subject's by its path there, and what is beside that by what it is. */
export interface NamedFile {
  name: string
  isSubjects: boolean
}

const BESIDE: Readonly<Record<string, string>> = {
  '': 'the volume’s root directory',
  [SUBJECT_DIRECTORY]: 'the subject’s directory',
  [MARKER_FILE]: 'a marker of ours beside it',
  [NEIGHBOUR_FILE]: 'a file of the program beside it',
}

/** How a path of the volume is told. */
export function namedFile(path: string): NamedFile {
  const within = `${SUBJECT_DIRECTORY}/`
  if (path.startsWith(within)) return { name: path.slice(within.length), isSubjects: true }
  return { name: BESIDE[path] ?? path, isSubjects: path === SUBJECT_DIRECTORY }
}

/** What a volume held at some time, to be asked by a place on the disk and by an inode. */
export class VolumeView {
  readonly #files: readonly FileOnDisk[]
  readonly #byInode: ReadonlyMap<number, FileOnDisk>

  constructor(files: readonly FileOnDisk[]) {
    this.#files = files
    this.#byInode = new Map(files.map((file) => [file.inode, file]))
  }

  /** The file of which a byte of the disk is, and which of the file's it is; null where it is of none. */
  at(diskBytes: number): { file: FileOnDisk; fileBytes: number; leftBytes: number } | null {
    for (const file of this.#files) {
      for (const { diskBytes: from, fileBytes, sizeBytes } of file.extents) {
        const into = diskBytes - from
        if (into < 0 || into >= sizeBytes) continue
        return { file, fileBytes: fileBytes + into, leftBytes: sizeBytes - into }
      }
    }
    return null
  }

  ofInode(inode: number): FileOnDisk | undefined {
    return this.#byInode.get(inode)
  }
}
