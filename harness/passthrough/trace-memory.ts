import { constants } from 'node:os'
import { MachineError } from '../process/machine-error.ts'
import { textOf } from './name-bytes.ts'
import { KINDS, type Operation } from './operation.ts'
import type { PassthroughPlan } from './plan.ts'

/** Where the words that both threads see stand. */
const WORD = {
  generation: 0,
  planBytes: 1,
  released: 2,
  failure: 3,
  closed: 4,
  records: 5,
  logBytes: 6,
  overflow: 7,
  killed: 8,
} as const
const WORDS = 16
const PLAN_BYTES = 8192

/** The numbers of a record, in their order. */
const FIELDS = [
  'kind',
  'threadId',
  'file',
  'replaced',
  'offsetBytes',
  'lengthBytes',
  'mode',
  'wroteBytes',
  'errno',
  'flags',
  'pathBytes',
  'toBytes',
  'dataBytes',
  'logAt',
] as const
const FLAG = { cached: 1, synced: 2, done: 4, struck: 8, lost: 16 } as const

/** Why the worker can't be believed any more: it has died, or the machine refused it something. */
export const FAILURE = { none: 0, broken: 1, shortage: 2 } as const

/** How a subject was killed; `missed` when whoever called could not be. */
export const KILLED = ['', 'cgroup', 'process-group', 'missed'] as const

/** How much is kept of one observation, in memory that is taken as it fills. */
export interface TraceLimits {
  operations: number
  /** Of what was written, and of paths. */
  dataBytes: number
}

export const TRACE_LIMITS: TraceLimits = { operations: 200_000, dataBytes: 256 * 1024 * 1024 }

/** The memory of a passthrough, as it is handed from one thread to the other. */
export interface SharedTrace {
  words: SharedArrayBuffer
  plan: SharedArrayBuffer
  records: SharedArrayBuffer
  log: SharedArrayBuffer
}

export function allocateTrace({ operations, dataBytes }: TraceLimits): SharedTrace {
  try {
    return {
      words: new SharedArrayBuffer(WORDS * 4),
      plan: new SharedArrayBuffer(PLAN_BYTES),
      records: new SharedArrayBuffer(operations * FIELDS.length * 8),
      log: new SharedArrayBuffer(dataBytes),
    }
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `there is no memory for a trace of ${operations} operations and ${dataBytes} bytes`,
      'Free some memory, or lower the limits.',
      { cause },
    )
  }
}

/** An operation as the worker knows it: what is text elsewhere has a character for each byte here. */
export type Traced = Omit<Operation, 'n' | 'data' | 'errno'> & { errno: number; data: Uint8Array }

/** Of two names of one number the first, such as EAGAIN for EWOULDBLOCK. */
const ERRNO_NAMES = new Map(
  Object.entries(constants.errno)
    .reverse()
    .map(([name, code]) => [code, name]),
)

function flagsOf(operation: Traced): number {
  let flags = 0
  for (const [name, bit] of Object.entries(FLAG)) {
    if (operation[name as keyof typeof FLAG]) flags |= bit
  }
  return flags
}

/**
 * The plan and the trace of a passthrough, in memory that two threads share: the main thread gives orders and
 * the worker adds operations. What a count says is there is whole, for counts are raised last.
 */
export class TraceMemory {
  readonly #words: Int32Array
  readonly #plan: Buffer
  readonly #records: Float64Array
  readonly #log: Buffer

  constructor(shared: SharedTrace) {
    this.#words = new Int32Array(shared.words)
    this.#plan = Buffer.from(shared.plan)
    this.#records = new Float64Array(shared.records)
    this.#log = Buffer.from(shared.log)
  }

  /** Which order is the last one; an odd number while one is given. */
  get generation(): number {
    return this.#get('generation')
  }

  get failure(): number {
    return this.#get('failure')
  }
  set failure(failure: number) {
    this.#set('failure', failure)
  }

  /** Whether a fault that lasts has been lifted. */
  get released(): boolean {
    return this.#get('released') === 1
  }
  set released(released: boolean) {
    this.#set('released', released ? 1 : 0)
  }

  /** How many operations the trace has. */
  get length(): number {
    return this.#get('records')
  }

  /** Whether the trace had no room for an operation. */
  get overflow(): boolean {
    return this.#get('overflow') === 1
  }

  /** How the subject was killed by a fault: one of `KILLED`. */
  get killed(): number {
    return this.#get('killed')
  }
  set killed(how: number) {
    this.#set('killed', how)
  }

  /** Whether the caller is the first one to close the descriptor of /dev/fuse, which both threads may. */
  close(): boolean {
    return Atomics.exchange(this.#words, WORD.closed, 1) === 0
  }

  /** Orders what is to be done from the next request on; null: nothing is numbered. */
  order(plan: PassthroughPlan | null): void {
    const text = Buffer.from(JSON.stringify(plan))
    if (text.length > PLAN_BYTES) throw new RangeError(`a plan of ${text.length} bytes is too long`)
    // The worker can look at any time, since the kernel lets go of files late: an odd number says that it must wait.
    Atomics.add(this.#words, WORD.generation, 1)
    this.#plan.set(text)
    this.#set('planBytes', text.length)
    Atomics.add(this.#words, WORD.generation, 1)
  }

  /** The last order, and which one it is; waits while one is given. */
  get ordered(): { generation: number; plan: PassthroughPlan | null } {
    for (;;) {
      const generation = this.generation
      if (generation % 2 === 1) continue
      const text = this.#plan.toString('utf8', 0, this.#get('planBytes'))
      if (this.generation === generation) return { generation, plan: JSON.parse(text) }
    }
  }

  /** Empties the trace. Only while nobody uses the directory. */
  clear(): void {
    for (const word of ['released', 'records', 'logBytes', 'overflow', 'killed'] as const) {
      this.#set(word, 0)
    }
  }

  /** Adds an operation; where there is no room for it, says so in `overflow`. */
  add(operation: Traced): void {
    const { path, to, data } = operation
    const position = this.#get('records')
    const at = position * FIELDS.length
    const logAt = this.#get('logBytes')
    const end = logAt + path.length + to.length + data.length
    const isFull = at + FIELDS.length > this.#records.length || end > this.#log.length
    // What came behind an operation that is missing would tell another story.
    if (isFull || this.overflow) {
      this.#set('overflow', 1)
      return
    }
    this.#log.write(path, logAt, 'latin1')
    this.#log.write(to, logAt + path.length, 'latin1')
    this.#log.set(data, logAt + path.length + to.length)
    const numbers: Record<(typeof FIELDS)[number], number> = {
      ...operation,
      kind: KINDS.indexOf(operation.kind),
      flags: flagsOf(operation),
      pathBytes: path.length,
      toBytes: to.length,
      dataBytes: data.length,
      logAt,
    }
    FIELDS.forEach((name, i) => {
      this.#records[at + i] = numbers[name]
    })
    this.#set('logBytes', end)
    this.#set('records', position + 1)
  }

  /** A copy of all that was added since it was cleared. */
  copy(): Operation[] {
    return Array.from({ length: this.#get('records') }, (_, i) => this.#operation(i))
  }

  #operation(index: number): Operation {
    const from = index * FIELDS.length
    const numbers = Object.fromEntries(
      FIELDS.map((name, i) => [name, this.#records[from + i]]),
    ) as Record<(typeof FIELDS)[number], number>
    const { flags, errno, kind, pathBytes, toBytes, dataBytes, logAt, ...same } = numbers
    const toAt = logAt + pathBytes
    const dataAt = toAt + toBytes
    const [cached, synced, done, struck, lost] = Object.values(FLAG).map((bit) => !!(flags & bit))
    return {
      n: index + 1,
      ...same,
      kind: KINDS[kind],
      path: textOf(this.#log.subarray(logAt, toAt)),
      to: textOf(this.#log.subarray(toAt, dataAt)),
      data: Buffer.from(this.#log.subarray(dataAt, dataAt + dataBytes)),
      errno: errno === 0 ? null : (ERRNO_NAMES.get(errno) ?? `E${errno}`),
      ...{ cached, synced, done, struck, lost },
    } as Operation
  }

  #get(word: keyof typeof WORD): number {
    return Atomics.load(this.#words, WORD[word])
  }

  #set(word: keyof typeof WORD, value: number): void {
    Atomics.store(this.#words, WORD[word], value)
  }
}
