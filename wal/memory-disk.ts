import type { Disk } from './disk.ts'

/** A `Disk` in memory, with the files that it holds by path. */
export interface MemoryDisk extends Disk {
  readonly files: Map<string, Uint8Array>
}

/** One file, whatever its name: a file that is renamed, or replaced while it is open, stays what it is. */
interface HeldFile {
  identity: string
  bytes: Uint8Array
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file, '${path}'`), { code: 'ENOENT' })
}

/**
 * A `Disk` that lives in memory and never fails: for tests that open thousands of logs. It starts
 * with a copy of `files` (bytes by path) and knows no directories: a directory exists when a file in
 * it does.
 */
export function memoryDisk(files: Record<string, Uint8Array> = {}): MemoryDisk {
  let made = 0
  const make = (bytes: Uint8Array): HeldFile => ({ identity: String(++made), bytes })
  const names = new Map<string, HeldFile>(
    Object.entries(files).map(([path, bytes]) => [path, make(bytes.slice())]),
  )
  const handles = new Map<number, HeldFile>()
  let lastHandle = 0

  const opened = (file: number): HeldFile => {
    const held = handles.get(file)
    if (held === undefined) throw Object.assign(new Error(`EBADF: ${file}`), { code: 'EBADF' })
    return held
  }
  const named = (path: string): HeldFile => {
    const held = names.get(path)
    if (held === undefined) throw missing(path)
    return held
  }
  const isDirectory = (path: string): boolean =>
    [...names.keys()].some((name) => name.startsWith(`${path}/`))
  const readInto = (held: HeldFile, target: Uint8Array, positionBytes: number): number => {
    const part = held.bytes.subarray(positionBytes, positionBytes + target.length)
    target.set(part)
    return part.length
  }
  const resize = (held: HeldFile, sizeBytes: number): void => {
    const next = new Uint8Array(sizeBytes)
    next.set(held.bytes.subarray(0, sizeBytes))
    held.bytes = next
  }

  return {
    get files() {
      return new Map(Array.from(names, ([path, { bytes }]) => [path, bytes]))
    },
    exists: (path) => names.has(path) || isDirectory(path),
    look: (path) => {
      const held = names.get(path)
      if (held !== undefined) {
        return { kind: 'file', identity: held.identity, sizeBytes: held.bytes.length }
      }
      return isDirectory(path) ? { kind: 'directory', identity: path, sizeBytes: 0 } : undefined
    },
    open: (path, mode) => {
      if (mode === 'create' && !names.has(path)) names.set(path, make(new Uint8Array(0)))
      if (mode === 'replace') {
        const held = names.get(path)
        if (held === undefined) names.set(path, make(new Uint8Array(0)))
        else held.bytes = new Uint8Array(0)
      }
      handles.set(++lastHandle, named(path))
      return lastHandle
    },
    peek: (path, target) => readInto(named(path), target, 0),
    identity: (file) => opened(file).identity,
    sizeBytes: (file) => opened(file).bytes.length,
    read: (file, target, positionBytes) => readInto(opened(file), target, positionBytes),
    write: (file, bytes, positionBytes) => {
      const held = opened(file)
      resize(held, Math.max(held.bytes.length, positionBytes + bytes.length))
      held.bytes.set(bytes, positionBytes)
      return bytes.length
    },
    truncate: (file, sizeBytes) => resize(opened(file), sizeBytes),
    sync: (file) => void opened(file),
    close: (file) => void handles.delete(file),
    rename: (from, to) => {
      names.set(to, named(from))
      names.delete(from)
    },
    unlink: (path) => {
      if (!names.delete(path)) throw missing(path)
    },
    syncDirectory: () => {},
  }
}
