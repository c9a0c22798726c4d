import type { Contents, SubjectKind } from './change.ts'
import type { Answer, Request } from './protocol.ts'

type MaybeAsync<T> = T | Promise<T>

/** A subject that is open in a directory. Its kind says which of the methods it has. */
export interface OpenModule {
  append?(entry: string): MaybeAsync<unknown>
  put?(key: string, value: string): MaybeAsync<unknown>
  delete?(key: string): MaybeAsync<unknown>
  replace?(content: string): MaybeAsync<unknown>
  /**
   * A `log`'s entries in order; a `store`'s pairs, as a `Map`, an array of pairs or any other iterable of
   * them; a `file`'s content, or null where there is none.
   */
  read(): MaybeAsync<Iterable<string> | Iterable<readonly [string, string]> | string | null>
  close(): MaybeAsync<unknown>
}

/** What an adapter exports: ten lines around the program under test. */
export interface SubjectModule {
  /** Opens it in `directory`, which exists, and recovers what is there. */
  open(directory: string): MaybeAsync<OpenModule>
}

/** Says what is missing of a module, in a sentence; null when nothing is. */
export function problemWithModule(module: Partial<SubjectModule>): string | null {
  return typeof module.open === 'function'
    ? null
    : 'it must export a function open(directory), which returns the open subject'
}

const METHODS: Record<SubjectKind, readonly (keyof OpenModule)[]> = {
  log: ['append', 'read', 'close'],
  store: ['put', 'delete', 'read', 'close'],
  file: ['replace', 'read', 'close'],
}

function assertMethods(open: OpenModule, kind: SubjectKind): void {
  const missing = METHODS[kind].filter((name) => typeof open?.[name] !== 'function')
  if (missing.length === 0) return
  throw new TypeError(`what open() returned is a ${kind} and lacks ${missing.join(', ')}`)
}

/** What `read` may return, by kind, in words. */
const READS: Record<SubjectKind, string> = {
  log: 'its entries: an array or another iterable of strings',
  store: 'its pairs: a Map, or an array or another iterable of [key, value]',
  file: 'its content: a string, or null where there is none',
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

/** What was returned, in a word or two. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value
}

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2

/** Throws a `TypeError` where a module's `read` returned what its kind does not hold. */
function asContents(kind: SubjectKind, read: unknown): Contents {
  const wrong = (what: string): TypeError =>
    new TypeError(`read() of a ${kind} must return ${READS[kind]}, and it returned ${what}`)
  if (kind === 'file') {
    if (read !== null && typeof read !== 'string') throw wrong(kindOf(read))
    return { content: read }
  }
  if (!isIterable(read)) throw wrong(kindOf(read))
  const items = Array.from(read)
  const badItem = kind === 'store' ? items.findIndex((item) => !isPair(item)) : -1
  if (badItem >= 0) throw wrong(`one that holds ${kindOf(items[badItem])}`)
  const texts = items.flat()
  const badText = texts.findIndex((text) => typeof text !== 'string')
  if (badText >= 0) throw wrong(`one that holds ${kindOf(texts[badText])}`)
  return kind === 'log' ? { entries: items as string[] } : { pairs: items as [string, string][] }
}

/** Whether what a method returned is to be waited for. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | null)?.then === 'function'
}

/** A module that answers the requests of the protocol. */
export class ModuleSpeaker {
  readonly #module: SubjectModule
  readonly #kind: SubjectKind
  #open: OpenModule | undefined

  constructor(module: SubjectModule, kind: SubjectKind) {
    this.#module = module
    this.#kind = kind
  }

  /** Answers one request; at once where the module's method did not return a promise. Never throws. */
  answer(request: Request): MaybeAsync<Answer> {
    const { id } = request
    const finish = (value: unknown): Answer => this.#finish(request, value)
    try {
      const value = this.#call(request)
      return isPromise(value)
        ? value.then(finish).catch((error: unknown) => refusal(id, error))
        : finish(value)
    } catch (error) {
      return refusal(id, error)
    }
  }

  #call(request: Request): unknown {
    if (request.do === 'open') return this.#module.open(request.directory)
    const open = this.#open
    if (open === undefined) throw new Error('the subject is not open')
    switch (request.do) {
      case 'append':
        return open.append?.(request.entry)
      case 'put':
        return open.put?.(request.key, request.value)
      case 'delete':
        return open.delete?.(request.key)
      case 'replace':
        return open.replace?.(request.content)
      case 'read':
        return open.read()
      case 'close':
        this.#open = undefined
        return open.close()
    }
  }

  #finish(request: Request, value: unknown): Answer {
    const { id } = request
    if (request.do === 'open') {
      assertMethods(value as OpenModule, this.#kind)
      this.#open = value as OpenModule
    }
    if (request.do !== 'read') return { id, ok: true }
    return { id, ok: true, ...asContents(this.#kind, value) }
  }
}

function refusal(id: number, error: unknown): Answer {
  const chain: (Error & { code?: unknown })[] = []
  for (let e = error; e instanceof Error && chain.length < 10; e = e.cause) chain.push(e)
  const code = chain.map((each) => each.code).find((each) => typeof each === 'string')
  const message = chain[0]?.message ?? String(error)
  return { id, ok: false, message, ...(code === undefined ? {} : { code: code as string }) }
}
