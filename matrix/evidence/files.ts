import { createHash } from 'node:crypto'

/** The files of a run, in the order in which SHA256SUMS lists them. */
export const RUN_FILE = 'run.json'
export const COMMAND_FILE = 'cmd.txt'
export const VERIFY_FILE = 'wal_verify.json'
export const PORTABILITY_FILE = 'portability.json'
export const ITERATIONS_FILE = 'iterations.ndjson'
export const LOG_FILE = 'autonomy.log'
export const SUMS_FILE = 'SHA256SUMS'

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** The text of a SHA256SUMS file, as sha256sum(1) writes and checks it. */
export function sumsOf(files: ReadonlyMap<string, Uint8Array>): string {
  return [...files].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join('')
}

/** The digests in such a text by name; null when a line is none. */
export function parseSums(text: string): Map<string, string> | null {
  const sums = new Map<string, string>()
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, digest, name] = /^([0-9a-f]{64}) [ *]([^/]+)$/.exec(line) ?? []
    if (digest === undefined || name === undefined) return null
    sums.set(name, digest)
  }
  return sums
}
