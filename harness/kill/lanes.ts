import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { DEFAULT_ENTRIES } from '../plan/plan.ts'
import { payloadsOf } from '../plan/workload.ts'
import {
  type Iteration,
  type IterationContext,
  type IterationResult,
  runIteration,
} from './iteration.ts'
import type { Operation } from './operations.ts'
import { Recoverer } from './recoverer-client.ts'
import { operationsUpTo, type TraceOptions, traceWriter } from './trace.ts'
import { isMachineError, reportError } from './victim-protocol.ts'

/** How long one process may take before it is given up. */
export const DEFAULT_TIMEOUT_MS = 30_000

/** What the lanes work on. */
export interface LanesOptions extends Pick<IterationContext, 'inspect' | 'signal' | 'onFaulted'> {
  subject: string
  /** Where the iterations' directories are made, on the file system under test. */
  root: string
  timeoutMs?: number
  /** Called with the directory once it has been judged, before it is removed. */
  onJudged?: (directory: string) => void
  /** How many iterations run at once; one more than there are processors unless given. */
  lanes?: number
}

type Lane = Pick<IterationContext, 'recoverer' | 'writer'>

/** A volume that broke lets go of nothing, which must not hide what was found on it. */
function removeIfPossible(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true })
  } catch (error) {
    if (!isMachineError(reportError(error))) throw error
  }
}

/**
 * Runs iterations side by side, each lane with kept processes of its own. An iteration's directory is
 * removed when it has been judged.
 */
export class Lanes {
  readonly #options: LanesOptions
  readonly #timeoutMs: number
  readonly #stopping = new AbortController()
  readonly #signal: AbortSignal
  readonly #limit: ReturnType<typeof pLimit>
  readonly #idle: Lane[]
  readonly #all: Lane[]
  readonly #running = new Set<Promise<IterationResult>>()
  #operations: Promise<Operation[]> | undefined

  constructor(options: LanesOptions) {
    const lanes = options.lanes ?? availableParallelism() + 1
    this.#options = options
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#signal = AbortSignal.any([
      this.#stopping.signal,
      ...(options.signal ? [options.signal] : []),
    ])
    this.#limit = pLimit(lanes)
    this.#all = Array.from({ length: lanes }, () => ({
      recoverer: new Recoverer(this.#timeoutMs, this.#signal),
      writer: new Recoverer(this.#timeoutMs, this.#signal, 'writer'),
    }))
    this.#idle = [...this.#all]
  }

  /** What tracing needs to know. */
  get traceOptions(): Required<TraceOptions> {
    return { subject: this.#options.subject, timeoutMs: this.#timeoutMs, signal: this.#signal }
  }

  /** Runs one iteration as soon as a lane is free. Throws as `runIteration` does. */
  run(iteration: Iteration): Promise<IterationResult> {
    const running = this.#limit(() => this.#runNow(iteration))
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

  /** Ends every process, and what still ran with an `AbortError`; returns when all are gone. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#running)
    const kept = this.#all.flatMap(({ recoverer, writer }) => [recoverer, writer])
    await Promise.all(kept.map((each) => each.stop()))
  }

  async #runNow(iteration: Iteration): Promise<IterationResult> {
    this.#signal.throwIfAborted()
    const lane = this.#idle.pop() as Lane
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
      this.#idle.push(lane)
      removeIfPossible(directory)
    }
  }

  /** Counted once, for the longest workload: a shorter one makes the first of the same operations. */
  async #writerOperations(entries: number): Promise<Operation[]> {
    this.#operations ??= traceWriter(
      join(this.#options.root, 'counted'),
      payloadsOf({ seed: 0, stream: 0, entries: DEFAULT_ENTRIES.max }),
      this.traceOptions,
    )
    return operationsUpTo(await this.#operations, entries)
  }
}
