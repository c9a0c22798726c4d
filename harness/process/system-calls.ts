import { MachineError } from './machine-error.ts'

/** A moment as utimensat(2) takes it: what the clock says, what stands there, or so much since 1970. */
export type FileTime = 'now' | 'kept' | { seconds: number; nanoseconds: number }

/** System calls that Node does not have. Each throws the operating system's error by its name and number. */
export interface SystemCalls {
  /** mount(2). `fileSystem` and `options`, with commas, are null where the flags need none. */
  mount(
    source: string,
    target: string,
    fileSystem: string | null,
    flags: number,
    options: string | null,
  ): void
  /** umount2(2). */
  unmount(target: string, flags?: number): void
  /** unshare(2), of the calling thread. */
  unshare(flags: number): void
  /** prctl(2) with PR_SET_CHILD_SUBREAPER: whether orphans below this process become its children. */
  adoptOrphans(adopts: boolean): void
  /** waitpid(2) that does not wait: an ended child that Node did not start is forgotten by the kernel. */
  reap(pid: number): void
  /** ioctl(2) with no argument. */
  control(file: number, request: number): void
  /** fallocate(2): takes the blocks of a range of a file, which grows with it. */
  allocate(file: number, offsetBytes: number, lengthBytes: number): void
  /** mknod(2) of a pipe or a socket; the mode says which. */
  makeNode(path: string | Buffer, mode: number): void
  /** renameat2(2) with RENAME_EXCHANGE: each of two names gets what the other one had. */
  exchange(path: string | Buffer, other: string | Buffer): void
  /** utimensat(2): when a file was last read, and last written to. */
  setTimes(path: string | Buffer, access: FileTime, change: FileTime): void
}

/** Flags of mount(2) (linux/mount.h). */
export const MOUNT_FLAG = {
  noAccessTimes: 1 << 10,
  bind: 1 << 12,
  recursive: 1 << 14,
  private: 1 << 18,
  slave: 1 << 19,
  shared: 1 << 20,
} as const

/** linux/prctl.h */
const PR_SET_CHILD_SUBREAPER = 36
/** linux/wait.h */
const WNOHANG = 1

/** Flags of umount2(2) (linux/fs.h). */
export const UNMOUNT_FLAG = { detach: 1 << 1 } as const

/** Flags of unshare(2) (linux/sched.h). */
export const UNSHARE_FLAG = { mountNamespace: 1 << 17 } as const

/** linux/fcntl.h, linux/fs.h and linux/stat.h */
const AT_FDCWD = -100
const RENAME_EXCHANGE = 2
const UTIME_NOW = (1 << 30) - 1
const UTIME_OMIT = (1 << 30) - 2

/** A path as C has it; one of other bytes than UTF-8 comes as a Buffer. */
const terminated = (path: string | Buffer): Buffer => Buffer.concat([Buffer.from(path), NUL])
const NUL = Buffer.alloc(1)

/** The two longs of a `struct timespec`. */
function timespec(time: FileTime): [bigint, bigint] {
  if (time === 'now') return [0n, BigInt(UTIME_NOW)]
  if (time === 'kept') return [0n, BigInt(UTIME_OMIT)]
  return [BigInt(time.seconds), BigInt(time.nanoseconds)]
}

/**
 * Loads them. Made as calls and not by starting mount(8), a mount takes milliseconds less. Only who
 * needs them loads the library that makes them. Throws a `MachineError`.
 */
export async function loadSystemCalls(): Promise<SystemCalls> {
  const { default: koffi } = await import('koffi').catch((cause: Error) => {
    throw new MachineError(
      'MISSING',
      `system calls cannot be made here: ${cause.message}`,
      'Run `npm ci` with optional dependencies, on a platform for which koffi has a binary.',
      { cause },
    )
  })
  const names = new Map(Object.entries(koffi.os.errno).map(([name, code]) => [code, name]))
  const library = koffi.load(null)
  const mount = library.func(
    'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *options)',
  )
  const unmount = library.func('int umount2(const char *target, int flags)')
  const unshare = library.func('int unshare(int flags)')
  const ioctl = library.func('int ioctl(int file, unsigned long request, long argument)')
  const prctl = library.func(
    'int prctl(int option, unsigned long first, unsigned long second, unsigned long third, unsigned long fourth)',
  )
  const fallocate = library.func('int fallocate(int file, int mode, long offset, long length)')
  const waitpid = library.func('int waitpid(int pid, int *status, int options)')
  // Some C libraries lack one of these, which is told when it is called.
  const later = (prototype: string): ((...values: unknown[]) => number) => {
    let call: ((...values: unknown[]) => number) | undefined
    return (...values) => {
      call ??= library.func(prototype)
      return call(...values)
    }
  }
  const mknod = later('int mknod(const void *path, uint32_t mode, uint64_t device)')
  const renameat2 = later(
    'int renameat2(int from, const void *path, int to, const void *other, unsigned int flags)',
  )
  const utimensat = later(
    'int utimensat(int folder, const void *path, const void *times, int flags)',
  )

  const check = (result: number, what: string): void => {
    if (result === 0) return
    const errno = koffi.errno()
    const code = names.get(errno) ?? `E${errno}`
    throw Object.assign(new Error(`${what}: ${code}`), { code, errno: -errno })
  }
  return {
    mount(source, target, type, flags, options) {
      check(mount(source, target, type, flags, options), `mount ${target}`)
    },
    unmount(target, flags = 0) {
      check(unmount(target, flags), `umount ${target}`)
    },
    unshare(flags) {
      check(unshare(flags), `unshare 0x${flags.toString(16)}`)
    },
    adoptOrphans(adopts) {
      check(prctl(PR_SET_CHILD_SUBREAPER, adopts ? 1 : 0, 0, 0, 0), 'prctl')
    },
    reap(pid) {
      waitpid(pid, null, WNOHANG)
    },
    control(file, request) {
      check(ioctl(file, request, 0), `ioctl 0x${request.toString(16)}`)
    },
    allocate(file, offsetBytes, lengthBytes) {
      check(fallocate(file, 0, offsetBytes, lengthBytes), 'fallocate')
    },
    makeNode(path, mode) {
      check(mknod(terminated(path), mode, 0), `mknod ${path}`)
    },
    exchange(path, other) {
      const paths = [AT_FDCWD, terminated(path), AT_FDCWD, terminated(other)] as const
      check(renameat2(...paths, RENAME_EXCHANGE), `exchange ${path} with ${other}`)
    },
    setTimes(path, access, change) {
      const times = new BigInt64Array([...timespec(access), ...timespec(change)])
      check(utimensat(AT_FDCWD, terminated(path), times, 0), `utimensat ${path}`)
    },
  }
}
