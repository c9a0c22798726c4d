import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { scriptPath } from '../process/script.ts'

/** What both threads see of a server. */
interface ServerMemory {
  /** Whether the caller is the first one to close the descriptor of /dev/fuse, which both threads may. */
  close(): boolean
}

/** A thread that serves what is mounted. */
export interface ServerOptions<Data extends { fuse: number }> {
  /** The compiled script that it runs. */
  script: string
  /** What it is given; `fuse` is the descriptor on which the requests come. */
  workerData: Data
  memory: ServerMemory
  /** What it serves, in words. */
  what: string
  /** Is called when it has ended. */
  onEnd: () => void
}

/** Starts it, and returns once it serves. Throws a `MachineError`. */
export async function startServer<Data extends { fuse: number }>({
  script,
  workerData,
  memory,
  what,
  onEnd,
}: ServerOptions<Data>): Promise<Worker> {
  const worker = new Worker(scriptPath(script), {
    workerData,
    env: CHILD_ENVIRONMENT,
    execArgv: [],
    // The file descriptor that it closes was opened here.
    trackUnmanagedFds: false,
  })
  // Told by its end as well, but an error that nobody listens to would end this process.
  worker.on('error', () => {})
  worker.on('exit', () => {
    onEnd()
    if (memory.close()) closeSync(workerData.fuse)
  })
  const ended = once(worker, 'exit').then(() => {
    throw new Error('it ended before it served')
  })
  try {
    await Promise.race([once(worker, 'message'), ended])
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `the worker that serves ${what} could not be started: ${(cause as Error).message}`,
      'Run `npm run build`.',
      { cause },
    )
  } finally {
    ended.catch(() => {})
  }
  // It waits in a read that nothing but the unmount ends, and must not keep this process alive.
  worker.unref()
  return worker
}

/** To be called when what it serves is unmounted: returns when it has ended. */
export async function endServer(worker: Worker): Promise<void> {
  worker.ref()
  await worker.terminate()
}
