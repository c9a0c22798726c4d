import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { commandInside, type MountNamespace, namedInside } from '../../process/namespace.ts'

/** Bytes of a file that stand in a row on the disk. */
export interface Extent {
  diskBytes: number
  fileBytes: number
  sizeBytes: number
}

/** A file or a directory of a volume, and where on the disk it stands. */
export interface FileOnDisk {
  /** From the volume's root; empty for itself. */
  path: string
  inode: number
  isDirectory: boolean
  sizeBytes: number
  extents: Extent[]
}

/** Of a volume with more files the others are not named. */
const MAX_FILES = 400
/** filefrag(8) is asked for extents in these units. */
const UNIT_BYTES = 512

function walk(root: string): Omit<FileOnDisk, 'extents'>[] {
  const found: Omit<FileOnDisk, 'extents'>[] = []
  const visit = (path: string): void => {
    if (found.length >= MAX_FILES) return
    const stat = lstatSync(join(root, path))
    const isDirectory = stat.isDirectory()
    if (!isDirectory && !stat.isFile()) return
    found.push({ path, inode: stat.ino, isDirectory, sizeBytes: stat.size })
    if (isDirectory) for (const name of readdirSync(join(root, path))) visit(join(path, name))
  }
  visit('')
  return found
}

const EXTENT = /^\s*\d+:\s*(\d+)\.\.\s*\d+:\s*(\d+)\.\.\s*\d+:\s*(\d+):/

/** The extents of each file in what `filefrag -v -b512` prints, by the file's path. */
export function extentsIn(printed: string, paths: readonly string[]): Map<string, Extent[]> {
  const extents = new Map<string, Extent[]>()
  let current: Extent[] = []
  for (const line of printed.split('\n')) {
    const path = paths.find((each) => line.startsWith(`File size of ${each} is `))
    if (path !== undefined) {
      current = []
      extents.set(path, current)
      continue
    }
    const [, from, at, length] = (EXTENT.exec(line) ?? []).map(Number)
    if (from === undefined || at === undefined || length === undefined) continue
    if (line.includes('inline') || line.includes('delalloc')) continue
    current.push({
      diskBytes: at * UNIT_BYTES,
      fileBytes: from * UNIT_BYTES,
      sizeBytes: length * UNIT_BYTES,
    })
  }
  return extents
}

/** Every file below a mounted root, and where it stands; without the extents where filefrag(8) can't be run. */
export async function filesOnDisk(root: string, namespace: MountNamespace): Promise<FileOnDisk[]> {
  const files = walk(root)
  const inside = namedInside(namespace, root)
  const paths = files.map(({ path }) => join(inside, path))
  const asked = ['filefrag', '-v', `-b${UNIT_BYTES}`, ...paths] as const
  const [command, ...args] = commandInside(namespace, asked)
  const { stdout } = await execa(command, args, {
    env: CHILD_ENVIRONMENT,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  const extents = extentsIn(stdout ?? '', paths)
  return files.map((file, at) => ({ ...file, extents: extents.get(paths[at] as string) ?? [] }))
}
