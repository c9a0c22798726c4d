import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { DEFAULT_TIMEOUT_MS } from '../process/default-timeout.ts'
import { type Runtime, THIS_NODE } from '../process/runtime.ts'
import type { SubjectHome } from './home.ts'
import { KeptProcess } from './kept-process.ts'

/** What a crew is made of. */
export interface CrewOptions {
  /** Where its subjects are at home. */
  home: SubjectHome
  /** How many iterations it can work on at once; one more than there are processors unless given. */
  lanes?: number
  timeoutMs?: number
  signal?: AbortSignal | undefined
  /** What runs the writers; this Node unless given. */
  runtime?: Runtime
  /** What runs the recoverers; the writers' unless given. */
  recovererRuntime?: Runtime
}

/** The kept processes of one lane. */
export interface Lane {
  recoverer: KeptProcess
  /** Another process than the one that recovers. */
  writer: KeptProcess
}

/** Processes that are kept, since one takes long to start: for each lane one that writes and one that recovers. */
export class Crew {
  readonly size: number
  readonly timeoutMs: number
  readonly #all: Lane[]
  readonly #idle: Lane[]
  readonly #limit: ReturnType<typeof pLimit>

  constructor(options: CrewOptions) {
    const { home, timeoutMs = DEFAULT_TIMEOUT_MS, signal, runtime = THIS_NODE } = options
    const { recovererRuntime = runtime } = options
    this.timeoutMs = timeoutMs
    this.size = options.lanes ?? availableParallelism() + 1
    this.#all = Array.from({ length: this.size }, () => ({
      recoverer: new KeptProcess({ home, timeoutMs, signal, runtime: recovererRuntime }),
      writer: new KeptProcess({ home, timeoutMs, signal, runtime, role: 'writer' }),
    }))
    this.#idle = [...this.#all]
    this.#limit = pLimit(this.size)
  }

  /** Lets `work` have a lane's processes to itself, as soon as one is free. */
  withLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    return this.#limit(async () => {
      const lane = this.#idle.pop() as Lane
      try {
        return await work(lane)
      } finally {
        this.#idle.push(lane)
      }
    })
  }

  /** Ends every process; returns when all are gone. */
  async stop(): Promise<void> {
    const kept = this.#all.flatMap(({ recoverer, writer }) => [recoverer, writer])
    await Promise.all(kept.map((each) => each.stop()))
  }
}
