import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { mountFuse } from '../../fuse/mount-fuse.ts'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { MachineError } from '../../process/machine-error.ts'
import { scriptPath } from '../../process/script.ts'
import type { SystemCalls } from '../../process/system-calls.ts'
import { DeviceMemory, FAILURE, type SharedMemory } from './device-memory.ts'
import type { DeviceWorkerData } from './device-worker.ts'

const MOUNT_OPTIONS = 'rootmode=100000,user_id=0,group_id=0,allow_other'

/** Starts the worker, and returns once it serves. Throws a `MachineError`. */
async function startWorker(workerData: DeviceWorkerData, memory: DeviceMemory): Promise<Worker> {
  const worker = new Worker(scriptPath('harness/power-cut/device/device-worker.js'), {
    workerData,
    env: CHILD_ENVIRONMENT,
    execArgv: [],
    // The file descriptor that it closes was opened here.
    trackUnmanagedFds: false,
  })
  // Told by its end as well, but an error that nobody listens to would end this process.
  worker.on('error', () => {})
  worker.on('exit', () => {
    memory.failure = FAILURE.broken
    if (memory.close()) closeSync(workerData.fuse)
  })
  try {
    await once(worker, 'message')
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `the worker that serves the device could not be started: ${(cause as Error).message}`,
      'Run `npm run build`.',
      { cause },
    )
  }
  // It waits in a read that nothing but the unmount ends, and must not keep this process alive.
  worker.unref()
  return worker
}

/** One file whose content is this process's memory: a worker serves it over FUSE, until it is unmounted. */
export class FileServer {
  readonly memory: DeviceMemory
  /** The descriptor on which the kernel is told of changes. */
  readonly fuse: number
  readonly #worker: Worker

  private constructor(memory: DeviceMemory, fuse: number, worker: Worker) {
    this.memory = memory
    this.fuse = fuse
    this.#worker = worker
  }

  /** Serves `shared` in the place of the file at `path`. Throws a `MachineError`. */
  static async start(
    calls: SystemCalls,
    path: string,
    shared: SharedMemory,
    inOrder: boolean,
  ): Promise<FileServer> {
    const memory = new DeviceMemory(shared)
    const fuse = mountFuse(calls, path, MOUNT_OPTIONS)
    return new FileServer(
      memory,
      fuse,
      await startWorker({ fuse, memory: shared, inOrder }, memory),
    )
  }

  /** To be called when the file is unmounted: returns when the worker has ended. */
  async end(): Promise<void> {
    this.#worker.ref()
    await this.#worker.terminate()
  }
}
