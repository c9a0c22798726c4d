/**
 * How a file is opened: `read` an existing file; `update` an existing file, for reading and writing;
 * `create` the same, making the file when it is missing; `replace` makes it or empties it.
 */
export type OpenMode = 'read' | 'update' | 'create' | 'replace'

/** What can stand at a path. */
export type FileKind = 'file' | 'directory' | 'link' | 'pipe' | 'socket' | 'device'

/** What stands at a path, told without opening it; of a link, the link itself. */
export interface Standing {
  kind: FileKind
  /** Which file it is: no other file has the same while this one is there, or open. */
  identity: string
  sizeBytes: number
}

/**
 * The one seam between the log and the file system: every file operation of `wal/` is a call of one
 * of these, synchronous and in the order in which the log's rules need it. In production it is
 * `nodeDisk`; a fault that needs the log's help is a `Disk` put in its place.
 *
 * Paths are as the caller gave the directory; files are handles that `open` returned; positions and
 * sizes are bytes. Each method throws the operating system's error (`code: 'EIO'`, `'ENOSPC'`, …).
 */
export interface Disk {
  exists(path: string): boolean
  /** What stands at the path, or undefined when nothing does. It follows no link and opens nothing. */
  look(path: string): Standing | undefined
  /**
   * Opens a file and nothing else: it follows no link and waits for nobody. Throws a `NOT_A_FILE` where
   * something else stands there.
   */
  open(path: string, mode: OpenMode): number
  /**
   * Fills `target` from the start of the file at the path; returns the bytes read. It is opened for no
   * longer than that, and otherwise as `open` opens it.
   */
  peek(path: string, target: Uint8Array): number
  /** Which file a handle is, as `look` says it of a path. */
  identity(file: number): string
  sizeBytes(file: number): number
  /** Fills `target` from `positionBytes` on; returns the bytes read, 0 at the end of the file. */
  read(file: number, target: Uint8Array, positionBytes: number): number
  /** Returns the bytes written, which may be fewer than given. */
  write(file: number, bytes: Uint8Array, positionBytes: number): number
  truncate(file: number, sizeBytes: number): void
  /** Returns once the file's data, and the size needed to read it back, are durable. */
  sync(file: number): void
  close(file: number): void
  /** Atomically puts `from` in the place of `to`; both are in the same directory. */
  rename(from: string, to: string): void
  unlink(path: string): void
  /** Returns once the directory's entries are durable. */
  syncDirectory(path: string): void
}

/** Fills `target` from `positionBytes` on unless the file ends before; returns the bytes read. */
export function readFully(
  disk: Disk,
  file: number,
  target: Uint8Array,
  positionBytes: number,
): number {
  let filledBytes = 0
  while (filledBytes < target.length) {
    const readBytes = disk.read(file, target.subarray(filledBytes), positionBytes + filledBytes)
    if (readBytes === 0) break
    filledBytes += readBytes
  }
  return filledBytes
}

/** Writes all of `bytes`, however few the disk takes at a time; throws when it takes none. */
export function writeFully(
  disk: Disk,
  file: number,
  bytes: Uint8Array,
  positionBytes: number,
): void {
  let doneBytes = 0
  while (doneBytes < bytes.length) {
    const writtenBytes = disk.write(file, bytes.subarray(doneBytes), positionBytes + doneBytes)
    if (writtenBytes <= 0) throw new Error(`the disk took ${doneBytes} of ${bytes.length} bytes`)
    doneBytes += writtenBytes
  }
}
