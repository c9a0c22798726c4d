import type { Worker } from 'node:worker_threads'
import { endServer, startServer } from '../fuse/start-server.ts'
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
    const memory = new TraceMemory(workerData.trace)
    const worker = await startServer({
      script: 'harness/passthrough/passthrough-worker.js',
      workerData,
      memory,
      what: 'the directory',
      onEnd: () => {
        memory.failure = FAILURE.broken
      },
    })
    return new PassthroughServer(memory, workerData.fuse, worker)
  }

  /** To be called when the directory is unmounted: returns when the worker has ended. */
  async end(): Promise<void> {
    await endServer(this.#worker)
  }
}
