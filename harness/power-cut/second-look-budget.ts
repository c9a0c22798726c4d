import type { StateResult } from './check-state.ts'

/** A second look takes as long as a hundred states: so many are taken of a kind in a recording, and in all. */
const MAX_LOOKS = { ofKind: 3, inAll: 30 }

/** Which states of a campaign are looked at again: the first ones of each kind of failure in each recording. */
export class SecondLookBudget {
  /** How many were taken in this recording, by the names of the failures. */
  readonly #ofKind = new Map<string, number>()
  #inAll = 0

  /** To be called before the states of another recording. */
  nextRecording(): void {
    this.#ofKind.clear()
  }

  /** Whether a second look is due at a state with such failures; if so, it is taken from the budget. */
  take({ failures, gone }: Pick<StateResult, 'failures' | 'gone'>): boolean {
    const kind = `${failures.map(({ name }) => name).join()}${gone ? ' gone' : ''}`
    const taken = this.#ofKind.get(kind) ?? 0
    if (taken === MAX_LOOKS.ofKind || this.#inAll === MAX_LOOKS.inAll) return false
    this.#ofKind.set(kind, taken + 1)
    this.#inAll += 1
    return true
  }
}
