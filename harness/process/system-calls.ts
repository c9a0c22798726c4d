import { MachineError } from './machine-error.ts'

/** System calls that Node does not have. Each throws the operating system's error by its name. */
export interface SystemCalls {
  /** mount(2). `options` are those of the file system, with commas. */
  mount(
    source: string,
    target: string,
    fileSystem: string,
    flags: number,
    options: string,
  ): Promise<void>
  /** The same without giving way to anything else. */
  mountSync(
    source: string,
    target: string,
    fileSystem: string,
    flags: number,
    options: string,
  ): void
  /** umount2(2). */
  unmount(target: string): Promise<void>
  /** ioctl(2) with no argument. */
  control(file: number, request: number): void
}

/** Flags of mount(2) (linux/mount.h). */
export const MOUNT_FLAG = { noAccessTimes: 1 << 10 } as const

const NO_FLAGS = 0

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
  const ioctl = library.func('int ioctl(int file, unsigned long request, long argument)')

  const check = (result: number, what: string): void => {
    if (result === 0) return
    const code = names.get(koffi.errno()) ?? `E${koffi.errno()}`
    throw Object.assign(new Error(`${what}: ${code}`), { code })
  }
  /** Makes a call in another thread. The error's number is that of this moment only. */
  const inThread = (call: typeof mount, what: string, ...args: unknown[]): Promise<void> =>
    new Promise((resolve, reject) => {
      call.async(...args, (error: Error | null, result: number) => {
        try {
          if (error !== null) throw error
          check(result, what)
          resolve()
        } catch (failure) {
          reject(failure)
        }
      })
    })
  return {
    async mount(source, target, type, flags, options) {
      await inThread(mount, `mount ${target}`, source, target, type, flags, options)
    },
    mountSync(source, target, type, flags, options) {
      check(mount(source, target, type, flags, options), `mount ${target}`)
    },
    async unmount(target) {
      await inThread(unmount, `umount ${target}`, target, NO_FLAGS)
    },
    control(file, request) {
      check(ioctl(file, request, 0), `ioctl 0x${request.toString(16)}`)
    },
  }
}
