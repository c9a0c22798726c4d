import type { Epoch } from './recording.ts'

/** How a state came to be. */
export const STATE_KINDS = ['prefix', 'only-one', 'all-but-one', 'subset', 'torn'] as const
export type StateKind = (typeof STATE_KINDS)[number]

/** Of one write, only the bytes from `fromBytes` up to `toBytes` reached the disk. */
export interface Tear {
  request: number
  fromBytes: number
  toBytes: number
}

/** One content that the disk can have when the power is cut: all that is durable, and some in flight. */
export interface CrashState {
  kind: StateKind
  epoch: Epoch
  /** The requests in flight that reached the disk, in order; a torn one is among them. */
  kept: readonly number[]
  tear: Tear | null
}

/** Which state of a run it is: the recording, and its place in the order in which states are tried. */
export interface StateId {
  /** Counted from 1, both. */
  round: number
  number: number
}

/** A state by its recording, its cut and its loss, whatever its place: such as `2.c57-l55`. */
export interface LossId {
  round: number
  loss: string
}

/** As people write it, such as `2.17` or `2.c57-l55`. */
export const stateName = (id: StateId | LossId): string =>
  `${id.round}.${'loss' in id ? id.loss : id.number}`

/** A state in words, for people. */
export function stateInWords({ kind, epoch, kept, tear }: CrashState): string {
  const flight = epoch.writes.length
  const where = `power cut at ${epoch.endPosition}`
  const torn =
    tear === null
      ? ''
      : `, of write ${tear.request} only the bytes ${tear.fromBytes} to ${tear.toBytes}`
  return `${where}: ${kind}, ${kept.length} of ${flight} writes in flight kept${torn}`
}

const IN_WORDS =
  /^power cut at (\d+): ([a-z-]+), (\d+) of (\d+) writes in flight kept(?:, of write (\d+) only the bytes (\d+) to (\d+))?$/

/** Whether a text says of a state what some state can be, in the words of `stateInWords`. */
export function isStateInWords(text: string): boolean {
  const [, where, kind, ...numbers] = IN_WORDS.exec(text) ?? []
  const known = STATE_KINDS.find((each) => each === kind)
  if (where === undefined || known === undefined) return false
  const [position, kept, flight] = [where, ...numbers].map(Number) as [number, number, number]
  const torn = numbers[2] !== undefined
  const [request, fromBytes, toBytes] = numbers.slice(2).map(Number) as [number, number, number]
  if (torn !== (known === 'torn') || kept > flight || flight > position) return false
  if (known === 'only-one') return kept === 1
  if (known === 'all-but-one') return kept === flight - 1
  return !torn || (kept > 0 && request < position && fromBytes < toBytes)
}
