import { MachineError } from './machine-error.ts'

/** What is missing, and what to do about it, in words. */
export interface Lack {
  what: string
  remedy: string
}

/** What is missing for something, in a sentence; null where nothing is. */
export function needsInWords(lacks: readonly Lack[]): string | null {
  if (lacks.length === 0) return null
  return `it needs ${lacks.map(({ what, remedy }) => `${what} (${remedy})`).join('; and ')}`
}

/** The error of what can't be made without it; `what` is a sentence without its end. */
export function missing(what: string, { what: lacking, remedy }: Lack): MachineError {
  const wayOut = `${remedy[0]?.toUpperCase()}${remedy.slice(1)}.`
  return new MachineError('MISSING', `${what} ${lacking}`, wayOut)
}
