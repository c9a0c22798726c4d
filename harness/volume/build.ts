import { statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import type { MachineError } from '../process/machine-error.ts'
import type { Guarded } from './at-exit.ts'
import { noteAttachment } from './attachment.ts'
import { explainFailure, isLoopShortage } from './explain-failure.ts'
import { FILE_SYSTEMS, type FileSystemName } from './file-systems/index.ts'
import { imageOf, mountPointOf } from './volume-folder.ts'

/** What is to be built in a volume's folder, and by what. */
export interface Build {
  fileSystem: FileSystemName
  /** Options of mkfs, beside those that every volume has. */
  mkfsOptions?: readonly string[]
  /** Options of the mount, such as `data=journal`. */
  mountOptions: readonly string[]
  /** Where commands are looked for, with colons. */
  path: string
  signal: AbortSignal | undefined
}

/** How often something is tried that found no loop device, and how long between. */
const LOOP_ATTEMPTS = 5
const LOOP_PAUSE_MS = 100

type Command = readonly [string, ...string[]]

async function run(guarded: Guarded, [file, ...args]: Command, { path, signal }: Build) {
  const child = execa(file, args, {
    env: { ...CHILD_ENVIRONMENT, PATH: path },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    // Out of the terminal's process group: a Ctrl-C reaches it through `signal`, in order.
    detached: true,
    ...(signal && { cancelSignal: signal }),
  })
  const { pid } = child
  if (pid !== undefined) guarded.commandPids.add(pid)
  try {
    const result = await child
    signal?.throwIfAborted()
    return result
  } finally {
    if (pid !== undefined) guarded.commandPids.delete(pid)
  }
}

function explain(
  { folder }: Guarded,
  purpose: string,
  result: Awaited<ReturnType<typeof run>>,
  mountOptions: readonly string[] = [],
): MachineError {
  const { bavail, bsize } = statfsSync(folder)
  const { stderr, shortMessage = 'it gave no reason' } = result
  return explainFailure({
    purpose,
    stderr,
    ending: shortMessage,
    freeBytes: bavail * bsize,
    mountOptions,
    cause: result,
  })
}

async function pauseForLoopDevice({ signal }: Build): Promise<void> {
  await sleep(LOOP_PAUSE_MS)
  signal?.throwIfAborted()
}

/** Makes the file system on the image. Throws a `MachineError`, and what `signal` was aborted with. */
export async function makeFileSystem(guarded: Guarded, build: Build): Promise<void> {
  const { fileSystem, mkfsOptions = [] } = build
  const command: Command = [
    ...FILE_SYSTEMS[fileSystem].mkfs,
    ...mkfsOptions,
    imageOf(guarded.folder),
  ]
  const result = await run(guarded, command, build)
  if (result.failed) throw explain(guarded, `making ${fileSystem}`, result)
}

/**
 * Attaches a loop device to the image, which stays until it is detached, and returns it. Throws a
 * `MachineError`, and what `signal` was aborted with.
 */
export async function attachLoopDevice(guarded: Guarded, build: Build): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const command: Command = ['losetup', '--find', '--show', imageOf(guarded.folder)]
    const result = await run(guarded, command, build)
    if (!result.failed) {
      noteAttachment(guarded.folder, result.stdout)
      return result.stdout
    }
    if (attempt === LOOP_ATTEMPTS) throw explain(guarded, 'attaching a loop device', result)
    await pauseForLoopDevice(build)
  }
}

/**
 * Mounts the image through a loop device that detaches itself with the unmount. Throws a
 * `MachineError`, and what `signal` was aborted with.
 */
export async function mountImage(guarded: Guarded, build: Build): Promise<void> {
  const { fileSystem, mountOptions } = build
  const { folder } = guarded
  const how = ['loop', ...mountOptions].join(',')
  const places = [imageOf(folder), mountPointOf(folder)]
  for (let attempt = 1; ; attempt++) {
    const result = await run(guarded, ['mount', '-t', fileSystem, '-o', how, ...places], build)
    if (!result.failed) return
    // Two that ask at once can be given the same free device; the one who loses asks again.
    if (!isLoopShortage(result.stderr) || attempt === LOOP_ATTEMPTS) {
      throw explain(guarded, `mounting ${fileSystem}`, result, mountOptions)
    }
    await pauseForLoopDevice(build)
  }
}
