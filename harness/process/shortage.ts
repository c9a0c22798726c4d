/** Something that the machine has too little of, and what to do about it, as an order. */
export interface Shortage {
  what: string
  remedy: string
}

const FILES: Shortage = {
  what: 'too many files are open',
  remedy: 'Raise the limit (ulimit -n), or end what holds files open.',
}
const MEMORY: Shortage = {
  what: 'there is no memory left',
  remedy: 'Raise the limit (ulimit -v, or that of the container), or free some memory.',
}

const BY_CODE: Readonly<Record<string, Shortage>> = {
  EMFILE: FILES,
  ENFILE: FILES,
  ENOMEM: MEMORY,
  ERR_MEMORY_ALLOCATION_FAILED: MEMORY,
  ERR_WORKER_OUT_OF_MEMORY: MEMORY,
}

/** What V8 says when a buffer, a thread or a module finds no memory: errors that have no code. */
const OUT_OF_MEMORY = /allocation failed|could not allocate memory|out of memory/i

const MAX_CAUSES = 10

/**
 * What the machine has too little of, if that is what an error or one of its causes says; else null. Such
 * an error is never the fault of a subject or of evidence.
 */
export function shortageBehind(error: unknown): Shortage | null {
  let at: unknown = error
  for (let depth = 0; at instanceof Error && depth < MAX_CAUSES; depth++) {
    const shortage = BY_CODE[String((at as NodeJS.ErrnoException).code)]
    if (shortage !== undefined) return shortage
    if (at instanceof RangeError && OUT_OF_MEMORY.test(at.message)) return MEMORY
    at = at.cause
  }
  return null
}
