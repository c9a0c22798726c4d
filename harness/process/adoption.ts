import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readdirSync } from 'node:fs'
import { killSync } from './kill-sync.ts'
import { statOf } from './stat.ts'
import { loadSystemCalls, type SystemCalls } from './system-calls.ts'

/** The children of this process, living or ended. */
function childrenOfThisProcess(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parentPid === process.pid)
}

/** Where Node tells of each child that it starts. */
const CHANNEL = 'child_process'
const MAX_ROUNDS = 5

/** While this lasts, whoever is orphaned below this process becomes its child. */
export class Adoption {
  readonly #calls: SystemCalls | null
  /** Those that were there before are nobody's orphans, nor are those that this process starts. */
  readonly #before: ReadonlySet<number>
  readonly #started: ChildProcess[] = []
  readonly #onStart = (message: unknown): void => {
    this.#started.push((message as { process: ChildProcess }).process)
  }

  private constructor(calls: SystemCalls | null) {
    this.#calls = calls
    this.#before = new Set(calls === null ? [] : childrenOfThisProcess())
    if (calls !== null) subscribe(CHANNEL, this.#onStart)
  }

  /** Begins it; where the system has no such call, nobody is ever adopted. Never throws. */
  static async begin(): Promise<Adoption> {
    try {
      const calls = await loadSystemCalls()
      calls.adoptOrphans(true)
      return new Adoption(calls)
    } catch {
      return new Adoption(null)
    }
  }

  /**
   * Kills those that were adopted since the beginning, and theirs that are orphaned by that. Returns how many were
   * still running.
   */
  killAdopted(): number {
    let running = 0
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const adopted = this.#adopted()
      const living = adopted.filter((pid) => statOf(pid)?.state !== 'Z')
      killSync(living)
      for (const pid of adopted) this.#calls?.reap(pid)
      if (living.length === 0) break
      running += living.length
    }
    return running
  }

  end(): void {
    if (this.#calls === null) return
    unsubscribe(CHANNEL, this.#onStart)
    this.#calls.adoptOrphans(false)
  }

  #adopted(): number[] {
    if (this.#calls === null) return []
    const started = new Set(this.#started.map(({ pid }) => pid))
    return childrenOfThisProcess().filter((pid) => !this.#before.has(pid) && !started.has(pid))
  }
}
