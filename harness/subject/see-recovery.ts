import { destroyedBetween, filesIn } from '../files/files-in.ts'
import type { SeenRecovery } from '../oracle/judge-recovery.ts'
import type { Conversation } from './conversation.ts'
import type { DescribedSubject } from './description.ts'
import { nextChange } from './next-change.ts'
import { recover, recoverAndChange } from './recover.ts'

export interface SeeOptions {
  subject: DescribedSubject
  directory: string
  /** How the subject's process names the directory; as this one does unless given. */
  directoryInside?: string
  /** Gives a process that speaks for the subject; a kept one, or a new one where it needs that. */
  talk: () => Promise<Conversation>
  /** Whether to open a second time and make a change, and to open again: the oracle in full. */
  inFull: boolean
}

/**
 * Recovers a subject in a process of its own, as far as the oracle asks. Throws what starting a process throws,
 * what reading its directory throws, and what the signal was aborted with.
 */
export async function seeRecovery({
  subject,
  directory,
  directoryInside = directory,
  talk,
  inFull,
}: SeeOptions): Promise<SeenRecovery> {
  const before = filesIn(directory)
  const first = await recover(await talk(), subject, directoryInside)
  if ('refused' in first) {
    // A recovery that died, or was ended, may have been in the middle of what the next one makes good.
    const destroyedByRefusal =
      first.gone === true ? [] : destroyedBetween(before, filesIn(directory))
    return { first, destroyedByRefusal }
  }
  if (!inFull) return { first, destroyedByRefusal: [] }
  const change = nextChange(subject.description.kind)
  const second = await recoverAndChange(await talk(), subject, directoryInside, change)
  const after = second.refused ?? (await recover(await talk(), subject, directoryInside))
  return { first, destroyedByRefusal: [], second: second.read, next: { change, after } }
}

/** Processes that speak for a subject: one that is kept, or a new one for each opening where it needs that. */
export class Talker {
  readonly #start: () => Promise<Conversation>
  readonly #fresh: boolean
  #current: Conversation | undefined
  #hasRested = false

  constructor(fresh: boolean, start: () => Promise<Conversation>) {
    this.#fresh = fresh
    this.#start = start
  }

  /** A conversation that is open: the last one, unless it broke or each opening needs its own. */
  async talk(): Promise<Conversation> {
    if (this.#fresh || this.#current?.isOpen === false) await this.stop()
    this.#current ??= await this.#start()
    this.#current.resume()
    return this.#current
  }

  /** Whether the process that is there has rested, so that it has opened what was there before. */
  get hasRested(): boolean {
    return this.#current !== undefined && this.#hasRested
  }

  /**
   * Lets the process do nothing until it is talked with again, where `mayStay` says of its id that it has nothing under
   * way; else kills it.
   */
  async rest(mayStay: (pid: number) => Promise<boolean>): Promise<void> {
    const current = this.#current
    if (current === undefined) return
    current.pause()
    if (this.#fresh || !current.isOpen || !(await mayStay(current.pid))) {
      return await this.stop()
    }
    this.#hasRested = true
  }

  /** Kills the process, so that the next one is new. */
  async stop(): Promise<void> {
    await this.#current?.kill()
    this.#current = undefined
    this.#hasRested = false
  }
}
