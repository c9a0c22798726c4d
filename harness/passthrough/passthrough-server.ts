import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { scriptPath } from '../process/script.ts'
import type { PassthroughWorkerData } from './passthrough-worker.ts'
import { FAILURE, TraceMemory } from './trace-memory.ts'

/** The thread that serves a directory over FUSE. */
export class PassthroughServer {
  readonly memory: TraceMemory
  /** The descriptor on which the kernel is told of changes. */
  readonly fuse: number
  readonly #worker: Worker

  private constructor(memory: TraceMemory, fuse: number, worker: Worker) {
    this.memory = memory
    this.fuse = fuse
    this.#worker = worker
  }

  /** Starts it, and returns once it serves. Throws a `MachineError`. */
  static async start(workerData: PassthroughWorkerData): Promise<PassthroughServer> {
    const { fuse, trace } = workerData
    const memory = new TraceMemory(trace)
    const worker = new Worker(scriptPath('harness/passthrough/passthrough-worker.js'), {
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
      if (memory.close()) closeSync(fuse)
    })
    try {
      await once(worker, 'message')
    } catch (cause) {
      throw new MachineError(
        'BROKEN',
        `the worker that serves the directory could not be started: ${(cause as Error).message}`,
        'Run `npm run build`.',
        { cause },
      )
    }
    // It waits in a read that nothing but the unmount ends, and must not keep this process alive.
    worker.unref()
    return new PassthroughServer(memory, fuse, worker)
  }

  /** To be called when the directory is unmounted: returns when the worker has ended. */
  async end(): Promise<void> {
    this.#worker.ref()
    await this.#worker.terminate()
  }
}
