import { createHash } from 'node:crypto'

/** The files of a run, in the order in which SHA256SUMS lists them. */
export const RUN_FILE = 'run.json'
export const COMMAND_FILE = 'cmd.txt'
export const SUBJECT_FILE = 'subject.json'
export const VERIFY_FILE = 'wal_verify.json'
export const PORTABILITY_FILE = 'portability.json'
export const POWER_CUT_FILE = 'power-cut.json'
export const POWER_CUT_STATES_FILE = 'power-cut-states.json'
export const IO_ERROR_FILE = 'io-error.json'
export const ITERATIONS_FILE = 'iterations.ndjson'
export const LOG_FILE = 'autonomy.log'
export const SUMS_FILE = 'SHA256SUMS'

/** The recording of a round. */
export const recordingFile = (round: number): string => `power-cut-round-${round}.gz`

/** The round of which a file is the recording; null when it is none. */
export function roundOf(file: string): number | null {
  const round = /^power-cut-round-([1-9]\d*)\.gz$/.exec(file)?.[1]
  return round === undefined ? null : Number(round)
}

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** The text of a SHA256SUMS file, as sha256sum(1) writes and checks it. */
export function sumsOf(files: ReadonlyMap<string, Uint8Array>): string {
  return [...files].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join('')
}

/** A line of such a text, as we write it. */
const SUM_LINE = /^([0-9a-f]{64}) {2}([A-Za-z0-9._-]+)$/

/** The digests in such a text by name; or what is wrong with it, as what is said of it. */
export function parseSums(text: string): Map<string, string> | string {
  const sums = new Map<string, string>()
  const lines = text.split('\n')
  if (lines.pop() !== '') return 'does not end with a whole line'
  for (const line of lines) {
    const [, digest, name] = SUM_LINE.exec(line) ?? []
    if (digest === undefined || name === undefined) return 'is not a list of SHA-256 digests'
    if (sums.has(name)) return `has a second line for ${name}`
    sums.set(name, digest)
  }
  return sums
}
