import { bytesInWords } from './words.ts'

/** A file of the subject's, by its path in the subject's directory. */
export interface FileLeft {
  path: string
  sizeBytes: number
}

/** At most so many files are named. */
const MAX_NAMED = 6

/** The files of a directory with their sizes. */
export function filesLeft(files: ReadonlyMap<string, Uint8Array>): FileLeft[] {
  return [...files].map(([path, { length }]) => ({ path, sizeBytes: length }))
}

/** Which files there were, in a sentence. */
export function filesInWords(files: readonly FileLeft[]): string {
  if (files.length === 0) return 'Its directory was empty.'
  const named = files
    .slice(0, MAX_NAMED)
    .map(({ path, sizeBytes }) => `${path} (${bytesInWords(sizeBytes)})`)
  const left = files.length - named.length
  const more = left > 0 ? `, and ${left} more` : ''
  return `Its directory held ${named.join(', ')}${more}.`
}
