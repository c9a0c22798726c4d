/** The contents of a subject's directory that the states of a recording have shown. */
export class ShownContents {
  readonly #digests = new Set<string>()
  #statesSinceNew = 0

  /** How many states ago the last new one came. */
  get statesSinceNew(): number {
    return this.#statesSinceNew
  }

  /** To be called before the states of another recording. */
  nextRecording(): void {
    this.#digests.clear()
    this.#statesSinceNew = 0
  }

  /** Notes the content of a state, by its digest; whether it is new. */
  add(digest: string): boolean {
    const isNew = !this.#digests.has(digest)
    this.#digests.add(digest)
    this.#statesSinceNew = isNew ? 0 : this.#statesSinceNew + 1
    return isNew
  }
}
