import type { Worker } from 'node:worker_threads'
import { mountFuse } from '../../fuse/mount-fuse.ts'
import { endServer, startServer } from '../../fuse/start-server.ts'
import type { SystemCalls } from '../../process/system-calls.ts'
import { DeviceMemory, FAILURE, type SharedMemory } from './device-memory.ts'
import type { DeviceWorkerData } from './device-worker.ts'

const MOUNT_OPTIONS = 'rootmode=100000,user_id=0,group_id=0,allow_other'

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
    how: Pick<DeviceWorkerData, 'inOrder' | 'readsAhead'>,
  ): Promise<FileServer> {
    const memory = new DeviceMemory(shared)
    const fuse = mountFuse(calls, path, MOUNT_OPTIONS)
    const worker = await startServer<DeviceWorkerData>({
      script: 'harness/power-cut/device/device-worker.js',
      workerData: { fuse, memory: shared, ...how },
      memory,
      what: 'the device',
      onEnd: () => {
        memory.failure = FAILURE.broken
      },
    })
    return new FileServer(memory, fuse, worker)
  }

  /** To be called when the file is unmounted: returns when the worker has ended. */
  async end(): Promise<void> {
    await endServer(this.#worker)
  }
}
