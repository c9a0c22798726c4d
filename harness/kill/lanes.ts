import { join } from 'node:path'
import { Crew, type Lane } from '../disk-subject/crew.ts'
import type { Operation } from '../disk-subject/operations.ts'
import {
  LONGEST_WORKLOAD,
  operationsUpTo,
  type TraceOptions,
  traceWriter,
} from '../disk-subject/trace.ts'
import { payloadsOf } from '../plan/workload.ts'
import { DEFAULT_TIMEOUT_MS } from '../process/default-timeout.ts'
import { removeIfPossible } from '../process/remove-if-possible.ts'
import { THIS_NODE } from '../process/runtime.ts'
import {
  type Iteration,
  type IterationContext,
  type IterationResult,
  runIteration,
} from './iteration.ts'

/** What the lanes work on. */
export interface LanesOptions
  extends Pick<IterationContext, 'home' | 'signal' | 'onFaulted' | 'runtime'> {
  subject: string
  /** Where the iterations' directories are made, on the file system under test. */
  root: string
  timeoutMs?: number
  /** Called with the directory once it has been judged, before it is removed. */
  onJudged?: (directory: string) => void
  /** The processes that do the work, kept by whoever made them; a crew of their own unless given. */
  crew?: Crew
  /** How many iterations a crew of their own works on at once. */
  lanes?: number
}

/**
 * Runs iterations side by side, each with kept processes to itself. An iteration's directory is removed
 * when it has been judged.
 */
export class Lanes {
  readonly #options: LanesOptions
  readonly #timeoutMs: number
  readonly #stopping = new AbortController()
  readonly #signal: AbortSignal
  readonly #crew: Crew
  readonly #running = new Set<Promise<IterationResult>>()
  #operations: Promise<Operation[]> | undefined

  constructor(options: LanesOptions) {
    this.#options = options
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#signal = AbortSignal.any([
      this.#stopping.signal,
      ...(options.signal ? [options.signal] : []),
    ])
    this.#crew = options.crew ?? new Crew({ ...options, signal: this.#signal })
  }

  /** What tracing needs to know. */
  get traceOptions(): Required<TraceOptions> {
    const { home, subject, runtime = THIS_NODE } = this.#options
    return { home, subject, timeoutMs: this.#timeoutMs, signal: this.#signal, runtime }
  }

  /** Runs one iteration as soon as a lane is free. Throws as `runIteration` does. */
  run(iteration: Iteration): Promise<IterationResult> {
    const running = this.#crew.withLane((lane) => this.#runNow(iteration, lane))
    const forget = (): void => void this.#running.delete(running)
    this.#running.add(running)
    running.then(forget, forget)
    return running
  }

  /** Runs all, tells of each as it ends, and returns them in their own order. */
  async runAll(
    iterations: Iteration[],
    onResult: (result: IterationResult) => void = () => {},
  ): Promise<IterationResult[]> {
    return await Promise.all(
      iterations.map(async (iteration) => {
        const result = await this.run(iteration)
        onResult(result)
        return result
      }),
    )
  }

  /**
   * Ends what still runs with an `AbortError`, and every process but those of a crew that was given;
   * returns when all are gone.
   */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#running)
    if (this.#options.crew === undefined) await this.#crew.stop()
  }

  async #runNow(iteration: Iteration, lane: Lane): Promise<IterationResult> {
    this.#signal.throwIfAborted()
    const directory = join(this.#options.root, `iteration-${iteration.iteration}`)
    try {
      const result = await runIteration(iteration, directory, {
        ...this.#options,
        ...lane,
        timeoutMs: this.#timeoutMs,
        signal: this.#signal,
        writerOperations: (entries) => this.#writerOperations(entries),
      })
      this.#options.onJudged?.(directory)
      return result
    } finally {
      removeIfPossible(directory)
    }
  }

  /** Counted once, for the longest workload: a shorter one makes the first of the same operations. */
  async #writerOperations(entries: number): Promise<Operation[]> {
    this.#operations ??= traceWriter(
      join(this.#options.root, 'counted'),
      payloadsOf(LONGEST_WORKLOAD),
      this.traceOptions,
    )
    return operationsUpTo(await this.#operations, entries)
  }
}
