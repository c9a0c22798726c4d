import type { Disk } from './disk.ts'

/** The name of one file operation. */
export type DiskOperationName = keyof Disk

/**
 * One call of a `Disk`: its name, the path of the file or directory that it is about (`from`, of a
 * rename), and what it was given, in the order of the method's parameters.
 */
export interface DiskCall {
  name: DiskOperationName
  path: string
  args: readonly unknown[]
}

/**
 * A `Disk` in which every call goes through `around`, which may look at it, run it (`proceed`), answer
 * in its place, throw, or never return. Disks that record, die or fail are each one such function.
 */
export function aroundDisk(
  inner: Disk,
  around: (call: DiskCall, proceed: () => unknown) => unknown,
): Disk {
  const paths = new Map<number, string>()
  const wrap =
    (name: DiskOperationName) =>
    (...args: unknown[]): unknown => {
      const [about] = args as [string | number]
      const path = typeof about === 'number' ? (paths.get(about) ?? `file ${about}`) : about
      const result = around({ name, path, args }, () =>
        (inner[name] as (...all: unknown[]) => unknown)(...args),
      )
      if (name === 'open') paths.set(result as number, path)
      if (name === 'close') paths.delete(about as number)
      return result
    }
  return {
    exists: wrap('exists'),
    look: wrap('look'),
    open: wrap('open'),
    peek: wrap('peek'),
    identity: wrap('identity'),
    sizeBytes: wrap('sizeBytes'),
    read: wrap('read'),
    write: wrap('write'),
    truncate: wrap('truncate'),
    sync: wrap('sync'),
    close: wrap('close'),
    rename: wrap('rename'),
    unlink: wrap('unlink'),
    syncDirectory: wrap('syncDirectory'),
  } as Disk
}
