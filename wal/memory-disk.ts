import type { Disk } from './disk.ts'

/** A `Disk` in memory, with the files that it holds by path. */
export interface MemoryDisk extends Disk {
  readonly files: Map<string, Uint8Array>
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
  const held = new Map<string, Uint8Array>(
    Object.entries(files).map(([path, bytes]) => [path, bytes.slice()]),
  )
  const open = new Map<number, string>()
  let lastFile = 0

  const pathOf = (file: number): string => {
    const path = open.get(file)
    if (path === undefined) throw Object.assign(new Error(`EBADF: ${file}`), { code: 'EBADF' })
    return path
  }
  const bytesOf = (path: string): Uint8Array => {
    const bytes = held.get(path)
    if (bytes === undefined) throw missing(path)
    return bytes
  }
  const resized = (bytes: Uint8Array, sizeBytes: number): Uint8Array => {
    const next = new Uint8Array(sizeBytes)
    next.set(bytes.subarray(0, sizeBytes))
    return next
  }

  return {
    files: held,
    exists: (path) => [...held.keys()].some((name) => name === path || name.startsWith(`${path}/`)),
    open: (path, mode) => {
      if (mode === 'replace' || (mode === 'create' && !held.has(path))) {
        held.set(path, new Uint8Array(0))
      }
      bytesOf(path)
      open.set(++lastFile, path)
      return lastFile
    },
    sizeBytes: (file) => bytesOf(pathOf(file)).length,
    read: (file, target, positionBytes) => {
      const part = bytesOf(pathOf(file)).subarray(positionBytes, positionBytes + target.length)
      target.set(part)
      return part.length
    },
    write: (file, bytes, positionBytes) => {
      const path = pathOf(file)
      const endBytes = Math.max(bytesOf(path).length, positionBytes + bytes.length)
      const next = resized(bytesOf(path), endBytes)
      next.set(bytes, positionBytes)
      held.set(path, next)
      return bytes.length
    },
    truncate: (file, sizeBytes) => {
      const path = pathOf(file)
      held.set(path, resized(bytesOf(path), sizeBytes))
    },
    sync: (file) => void pathOf(file),
    close: (file) => void open.delete(file),
    rename: (from, to) => {
      held.set(to, bytesOf(from))
      held.delete(from)
    },
    unlink: (path) => {
      if (!held.delete(path)) throw missing(path)
    },
    syncDirectory: () => {},
  }
}
