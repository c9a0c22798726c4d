import { closeSync, fstatSync } from 'node:fs'
import { constants } from 'node:os'
import { filled, type Request, valuesIn } from '../fuse/request.ts'
import { ENTRY_OUT, WRITE_OUT } from '../fuse/structs.ts'
import type { SystemCalls } from '../process/system-calls.ts'
import type { Executioner } from './executioner.ts'
import { type Ruling, SERVE } from './faults/fault.ts'
import { type Armed, arm } from './faults/index.ts'
import { LostWrites } from './lost-writes.ts'
import type { Nodes } from './nodes.ts'
import type { Kind } from './operation.ts'
import { type Draft, EMPTY, type Row, type Scene } from './served/row.ts'
import { FAILURE, KILLED, type TraceMemory } from './trace-memory.ts'

const { EIO, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT } = constants.errno

/** What the backing folder has no cause to say: the machine lacks something, and what the subject met is not its own. */
const SHORTAGES = new Set([EIO, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT])

/** The kinds that make a file. */
const MAKING: ReadonlySet<Kind> = new Set(['create', 'mkdir', 'symlink', 'mkfifo', 'bind'])

/** What a request is answered: a body, or an error by its number. */
export interface Answer {
  body: Uint8Array
  errno: number
}

/** What became of an operation. */
interface Outcome extends Answer {
  done: boolean
  lost?: boolean
}

const refused = (errno: number): Outcome => ({ body: EMPTY, errno, done: false })

const errnoNamed = (name: string): number =>
  (constants.errno as Record<string, number>)[name] ?? EIO

/** The parts that a conductor works with. */
interface Parts {
  request: Request
  nodes: Nodes
  calls: SystemCalls
  memory: TraceMemory
  executioner: Executioner
  fuse: number
}

/** Numbers the operations, does to each what the plan orders, and writes them down. */
export class Conductor {
  readonly #parts: Parts
  readonly #scene: Scene
  #generation = 0
  #armed: Armed | null = null
  #lostWrites: LostWrites | null = null
  #count = 0
  /** The subject was killed: what comes now is of threads that have not noticed yet. */
  #dead = false

  constructor(parts: Parts) {
    this.#parts = parts
    const { request, nodes, calls } = parts
    this.#scene = { request, nodes, calls, handles: new Set(), listings: new Map(), plan: null }
  }

  /** Serves the request. Throws what is no error of the operating system. */
  serve(row: Row): Answer {
    this.#hearOrders()
    const draft = this.#scene.plan === null ? null : (row.describe?.(this.#scene) ?? null)
    if (draft === null) return this.#perform(row)
    const n = ++this.#count
    const ruling = this.#rulingOn(draft, n)
    const sizeBytes = this.#sizeBefore(draft)
    const killedBefore = this.#parts.memory.killed
    const outcome = this.#dead && !draft.cached ? refused(EIO) : this.#carryOut(row, draft, ruling)
    const struck = ruling.do !== 'serve' || this.#parts.memory.killed !== killedBefore
    const { body, errno, done, lost = false } = outcome
    // Written down before it is answered: a subject that was killed is gone when it is.
    this.#parts.memory.add({
      ...draft,
      sizeBytes,
      file: this.#fileOf(draft, outcome),
      wroteBytes: this.#wroteBytes(draft, outcome),
      ...{ done, errno, lost, struck },
    })
    return { body, errno }
  }

  /** Lets go of the backing folder, which else stays in use until this process ends. */
  close(): void {
    for (const handle of this.#scene.handles) closeSync(handle)
    this.#scene.handles.clear()
    this.#parts.nodes.close()
    this.#parts.executioner.close()
  }

  #hearOrders(): void {
    const { memory, nodes, request, fuse } = this.#parts
    if (memory.generation === this.#generation) return
    const { generation, plan } = memory.ordered
    this.#generation = generation
    this.#scene.plan = plan
    this.#armed = plan?.fault === undefined ? null : arm(plan.fault)
    this.#lostWrites = this.#armed?.losesWrites ? new LostWrites(fuse, request) : null
    this.#count = 0
    this.#dead = false
    nodes.forgetUnknown()
  }

  #rulingOn(draft: Draft, n: number): Ruling {
    if (this.#armed === null || this.#dead || this.#parts.memory.released) return SERVE
    const sizeBytes = (): number => this.#sizeBytes
    return this.#armed.rule({
      ...draft,
      n,
      get sizeBytes() {
        return sizeBytes()
      },
    })
  }

  #sizeBefore({ kind }: Draft): number {
    const isSeen = this.#scene.plan?.sizes === true && (kind === 'write' || kind === 'fallocate')
    return isSeen ? this.#sizeBytes : -1
  }

  get #sizeBytes(): number {
    const { request, nodes } = this.#parts
    return fstatSync(nodes.get(request.header.nodeid).fd).size
  }

  #carryOut(row: Row, draft: Draft, ruling: Ruling): Outcome {
    switch (ruling.do) {
      case 'serve':
        return this.#do(row, draft)
      case 'refuse':
        return refused(errnoNamed(ruling.errno))
      case 'shorten':
        return this.#do(row, draft, ruling.lengthBytes)
      case 'pretend': {
        const body = filled(WRITE_OUT, { size: draft.lengthBytes })
        return { body, errno: 0, done: false }
      }
      case 'lose':
        this.#lostWrites?.lose(draft.file)
        return { ...refused(errnoNamed(ruling.errno)), lost: true }
      case 'kill':
        return this.#killAt(row, draft, ruling)
    }
  }

  /** An error behind a rename that was made would leave the kernel a wrong name: what was done is answered so. */
  #killAt(row: Row, draft: Draft, ruling: Ruling & { do: 'kill' }): Outcome {
    if (ruling.moment === 'before') return this.#kill(draft) ? refused(EIO) : this.#do(row, draft)
    const limit = ruling.moment === 'within' ? ruling.wroteBytes : undefined
    const outcome = this.#do(row, draft, limit)
    this.#kill(draft)
    return outcome
  }

  #kill({ threadId }: Draft): boolean {
    const how = this.#parts.executioner.kill(threadId)
    this.#parts.memory.killed = KILLED.indexOf(how)
    this.#dead = how !== 'missed'
    return this.#dead
  }

  #do(row: Row, draft: Draft, limitBytes?: number): Outcome {
    this.#lostWrites?.before(draft)
    const answer = this.#perform(row, limitBytes)
    const done = answer.errno === 0
    if (done) this.#lostWrites?.after(draft)
    return { ...answer, done }
  }

  #perform(row: Row, limitBytes?: number): Answer {
    try {
      return { body: row.perform(this.#scene, limitBytes), errno: 0 }
    } catch (error) {
      const { errno } = error as NodeJS.ErrnoException
      if (errno === undefined || errno >= 0) throw error
      if (SHORTAGES.has(-errno)) this.#parts.memory.failure = FAILURE.shortage
      return { body: EMPTY, errno: -errno }
    }
  }

  /** What was just made has a number only now. */
  #fileOf({ kind, file }: Draft, { body, done }: Outcome): number {
    return done && MAKING.has(kind)
      ? this.#parts.nodes.get(valuesIn(ENTRY_OUT, body).nodeid).file
      : file
  }

  #wroteBytes({ kind }: Draft, { body, done }: Outcome): number {
    if (!done) return 0
    if (kind === 'read') return body.length
    return kind === 'write' ? valuesIn(WRITE_OUT, body).size : 0
  }
}
