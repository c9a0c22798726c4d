import { constants } from 'node:os'
import { MachineError } from '../process/machine-error.ts'
import { textOf } from './name-bytes.ts'
import { KINDS, type Kind, type Operation } from './operation.ts'
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
  struck: 9,
} as const
const WORDS = 16
const PLAN_BYTES = 8192

/** Where the numbers of a record stand. */
const FIELD = {
  kind: 0,
  threadId: 1,
  file: 2,
  replaced: 3,
  offsetBytes: 4,
  lengthBytes: 5,
  mode: 6,
  wroteBytes: 7,
  errno: 8,
  flags: 9,
  pathBytes: 10,
  toBytes: 11,
  dataBytes: 12,
  logAt: 13,
  sizeBytes: 14,
} as const
const RECORD_NUMBERS = 15
const FLAG = { cached: 1, synced: 2, done: 4, struck: 8, lost: 16, direct: 32 } as const

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
      records: new SharedArrayBuffer(operations * RECORD_NUMBERS * 8),
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

function flagsOf({ cached, synced, done, struck, lost, direct }: Traced): number {
  return (
    (cached ? FLAG.cached : 0) |
    (synced ? FLAG.synced : 0) |
    (done ? FLAG.done : 0) |
    (struck ? FLAG.struck : 0) |
    (lost ? FLAG.lost : 0) |
    (direct ? FLAG.direct : 0)
  )
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

  /** How many operations a fault has struck. */
  get struck(): number {
    return this.#get('struck')
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
    for (const word of [
      'released',
      'records',
      'logBytes',
      'overflow',
      'killed',
      'struck',
    ] as const) {
      this.#set(word, 0)
    }
  }

  /** Adds an operation; where there is no room for it, says so in `overflow`. */
  add(operation: Traced): void {
    const { path, to, data } = operation
    const position = this.#get('records')
    const at = position * RECORD_NUMBERS
    const logAt = this.#get('logBytes')
    const end = logAt + path.length + to.length + data.length
    const isFull = at + RECORD_NUMBERS > this.#records.length || end > this.#log.length
    // What came behind an operation that is missing would tell another story.
    if (isFull || this.overflow) {
      this.#set('overflow', 1)
      return
    }
    this.#log.write(path, logAt, 'latin1')
    this.#log.write(to, logAt + path.length, 'latin1')
    this.#log.set(data, logAt + path.length + to.length)
    const record = this.#records
    record[at + FIELD.kind] = KINDS.indexOf(operation.kind)
    record[at + FIELD.threadId] = operation.threadId
    record[at + FIELD.file] = operation.file
    record[at + FIELD.replaced] = operation.replaced
    record[at + FIELD.offsetBytes] = operation.offsetBytes
    record[at + FIELD.lengthBytes] = operation.lengthBytes
    record[at + FIELD.mode] = operation.mode
    record[at + FIELD.wroteBytes] = operation.wroteBytes
    record[at + FIELD.errno] = operation.errno
    record[at + FIELD.flags] = flagsOf(operation)
    record[at + FIELD.pathBytes] = path.length
    record[at + FIELD.toBytes] = to.length
    record[at + FIELD.dataBytes] = data.length
    record[at + FIELD.logAt] = logAt
    record[at + FIELD.sizeBytes] = operation.sizeBytes
    if (operation.struck) Atomics.add(this.#words, WORD.struck, 1)
    this.#set('logBytes', end)
    this.#set('records', position + 1)
  }

  /** A copy of all that was added since it was cleared. */
  copy(): Operation[] {
    return Array.from({ length: this.#get('records') }, (_, i) => this.#operation(i))
  }

  #operation(index: number): Operation {
    const from = index * RECORD_NUMBERS
    const number = (field: keyof typeof FIELD): number =>
      this.#records[from + FIELD[field]] as number
    const logAt = number('logAt')
    const toAt = logAt + number('pathBytes')
    const dataAt = toAt + number('toBytes')
    const flags = number('flags')
    const errno = number('errno')
    return {
      n: index + 1,
      kind: KINDS[number('kind')] as Kind,
      threadId: number('threadId'),
      path: textOf(this.#log.subarray(logAt, toAt)),
      to: textOf(this.#log.subarray(toAt, dataAt)),
      file: number('file'),
      replaced: number('replaced'),
      offsetBytes: number('offsetBytes'),
      lengthBytes: number('lengthBytes'),
      sizeBytes: number('sizeBytes'),
      mode: number('mode'),
      cached: (flags & FLAG.cached) !== 0,
      synced: (flags & FLAG.synced) !== 0,
      data: Buffer.from(this.#log.subarray(dataAt, dataAt + number('dataBytes'))),
      wroteBytes: number('wroteBytes'),
      done: (flags & FLAG.done) !== 0,
      errno: errno === 0 ? null : (ERRNO_NAMES.get(errno) ?? `E${errno}`),
      struck: (flags & FLAG.struck) !== 0,
      lost: (flags & FLAG.lost) !== 0,
      direct: (flags & FLAG.direct) !== 0,
    }
  }

  #get(word: keyof typeof WORD): number {
    return Atomics.load(this.#words, WORD[word])
  }

  #set(word: keyof typeof WORD, value: number): void {
    Atomics.store(this.#words, WORD[word], value)
  }
}
