import { once } from 'node:events'
import { closeSync, constants, openSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { Worker } from 'node:worker_threads'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import type { MountNamespace } from '../process/namespace.ts'
import { scriptPath } from '../process/script.ts'
import type { SystemCalls } from '../process/system-calls.ts'
import type { MounterData, MounterMessage, MounterRequest } from './mounter-protocol.ts'

const SCRIPT = 'harness/volume/mounter-worker.js'

function cannotStart(cause: unknown): MachineError {
  const { message } = cause as Error
  return new MachineError(
    'BROKEN',
    `no mount namespace can be made: ${message}`,
    'Run it as root, and in a container with --privileged.',
    { cause },
  )
}

function hasEnded(): MachineError {
  return new MachineError(
    'BROKEN',
    'the thread that mounts has ended',
    'Run `pullplug doctor --clean`; if it comes again, report it.',
  )
}

interface Waiting {
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * A thread with a mount namespace of its own, in which it mounts and unmounts. The namespace goes with the
 * thread, and so with this process, however that ends; until then children can be started in it.
 */
export class Mounter {
  readonly namespace: MountNamespace
  readonly #worker: Worker
  readonly #root: number
  /** Those whose calls were not answered yet, in their order. */
  readonly #waiting: Waiting[] = []
  #ended = false
  #closed = false

  private constructor(worker: Worker, thread: string) {
    this.#worker = worker
    this.#root = openSync(`${thread}/root`, constants.O_RDONLY | constants.O_DIRECTORY)
    this.namespace = { thread, root: `/proc/self/fd/${this.#root}` }
    worker.on('message', (message: MounterMessage) => this.#hear(message))
    // Told by its end as well, but an error that nobody listens to would end this process.
    worker.on('error', () => {})
    worker.on('exit', () => {
      this.#ended = true
      for (const { reject } of this.#waiting.splice(0)) reject(hasEnded())
    })
    worker.unref()
  }

  /** Starts one in which `folder` (canonical) can be reached. Throws a `MachineError`. */
  static async start(folder: string): Promise<Mounter> {
    const script = scriptPath(SCRIPT)
    // Threads inherit the namespace: those that Node keeps for file operations have to be there before.
    await stat('/')
    const needed = [folder, script, process.execPath, process.cwd(), homedir(), tmpdir()]
    const workerData: MounterData = { needed }
    const worker = new Worker(script, { workerData, env: CHILD_ENVIRONMENT, execArgv: [] })
    try {
      const [{ thread }] = (await once(worker, 'message')) as [{ thread: string }]
      return new Mounter(worker, thread)
    } catch (cause) {
      throw cannotStart(cause)
    }
  }

  /** mount(2) in the namespace. Throws the operating system's error, or a `MachineError`. */
  async mount(...args: Parameters<SystemCalls['mount']>): Promise<void> {
    await this.#ask({ call: 'mount', args })
  }

  /** umount2(2) in the namespace. Throws the operating system's error, or a `MachineError`. */
  async unmount(...args: Parameters<SystemCalls['unmount']>): Promise<void> {
    await this.#ask({ call: 'unmount', args })
  }

  /** Ends the thread; what is still mounted there is unmounted, unless a child is left in the namespace. */
  async end(): Promise<void> {
    if (!this.#closed) closeSync(this.#root)
    this.#closed = true
    await this.#worker.terminate()
  }

  async #ask(request: MounterRequest): Promise<void> {
    if (this.#ended) throw hasEnded()
    // While a call is under way, this process has something to wait for.
    this.#worker.ref()
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push({ resolve, reject })
        this.#worker.postMessage(request)
      })
    } finally {
      if (this.#waiting.length === 0) this.#worker.unref()
    }
  }

  #hear(message: MounterMessage): void {
    if (!('failed' in message)) return
    const waiting = this.#waiting.shift()
    const { failed } = message
    if (failed === null) waiting?.resolve()
    else waiting?.reject(Object.assign(new Error(failed.message), { code: failed.code }))
  }
}
