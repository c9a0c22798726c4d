import { bytesInWords } from '../../story/words.ts'

/** A part of a write, and whose it is. */
export interface Piece {
  /** In words, such as `log, its last 48 bytes`. */
  what: string
  /** What losses alike in cause share, such as `log` or `the journal`. */
  of: string
  /** Whether it is of the subject's: not of a program beside it, nor of the file system alone. */
  isSubjects: boolean
  /** In which transaction of the journal it is a copy; null for what is written in its place. */
  transaction: number | null
  /** What is lost with it: of a journal's commit what it would have made durable. */
  carries: readonly Piece[]
}

/** The names of files tell more than their inodes. */
const isOfInode = ({ what }: Piece): boolean => what.startsWith('the inode ')

/** Of some pieces those that tell most: the subject's alone where there are any, the names of files first. */
export function tellingMost(pieces: readonly Piece[]): Piece[] {
  const subjects = pieces.filter(({ isSubjects }) => isSubjects)
  const most = subjects.length > 0 ? subjects : pieces
  return [...most].sort((a, b) => Number(isOfInode(a)) - Number(isOfInode(b)))
}

/** Pieces in words. */
export function piecesInWords(pieces: readonly Piece[]): string {
  const most = tellingMost(pieces)
  const words = listed(most.map(({ what }) => what))
  const transaction = most.find((piece) => piece.transaction !== null)?.transaction
  return transaction === undefined
    ? words
    : `${words} (in transaction ${transaction} of the journal)`
}

/** Bytes of a file, in words. */
export function partOfFile(
  file: string,
  { from, to, of }: { from: number; to: number; of: number },
): string {
  if (from <= 0 && to >= of) return `${file}, all its ${bytesInWords(of)}`
  if (to >= of && from < of) return `${file}, its last ${bytesInWords(of - from)}`
  return `${file}, bytes ${from.toLocaleString('en-US')} to ${to.toLocaleString('en-US')}`
}

/** Names as part of a sentence: at most three of them. */
export function listed(names: readonly string[]): string {
  const [first = '', ...others] = names
  if (others.length === 0) return first
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** What some pieces are of, in brief: of a commit what it would have made durable. Null where there are none. */
export function inBriefOf(pieces: readonly Piece[]): string | null {
  const [most] = tellingMost(pieces)
  if (most === undefined) return null
  const [carried] = tellingMost(most.carries)
  return carried?.of ?? most.of
}
