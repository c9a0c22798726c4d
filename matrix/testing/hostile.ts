import { execFileSync } from 'node:child_process'
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { putRun, redoSums } from './evidence.ts'

/** Something hostile in the place of evidence: how it is put there, and what is said of it. */
export interface Hostile {
  what: string
  /** Gets a folder with one good run of amd64/ext4, and makes it hostile. */
  put: (root: string) => void
  says: string
}

export const MIB = 1024 * 1024
export const RUN = join('amd64', 'ext4', 'run-1')

export const inRun = (root: string, file: string): string => join(root, RUN, file)

/** Writes SHA256SUMS anew, as one would who forges evidence with care. */
function forge(root: string): void {
  const names = readdirSync(join(root, RUN)).filter((name) => name !== 'SHA256SUMS')
  redoSums(join(root, RUN), new Map(names.map((name) => [name, readFileSync(inRun(root, name))])))
}

/** Another text or other bytes in a file, with sums that fit. */
export const file =
  (name: string, content: (text: string) => string | Uint8Array) =>
  (root: string): void => {
    const path = inRun(root, name)
    writeFileSync(path, content(readFileSync(path, 'utf8')))
    forge(root)
  }

type Json = Record<string, unknown>

export const json = (name: string, change: (value: Json) => unknown) =>
  file(name, (text) => JSON.stringify(change(JSON.parse(text))))

/** The first iteration as another one. */
export const iteration = (change: object) =>
  file('iterations.ndjson', (text) => {
    const [first = '', ...rest] = text.split('\n')
    return [JSON.stringify({ ...JSON.parse(first), ...change }), ...rest].join('\n')
  })

/** A file of so many bytes, of which none was ever written. */
export const sparse = (name: string, sizeBytes: number) => (root: string) =>
  truncateSync(inRun(root, name), sizeBytes)

/** The same text again and again, with sums that fit. */
export const repeated = (name: string, text: string, sizeBytes: number) => (root: string) => {
  const chunk = Buffer.from(text.repeat(Math.ceil(MIB / text.length)))
  const open = openSync(inRun(root, name), 'w')
  for (let done = 0; done < sizeBytes; done += chunk.length) writeSync(open, chunk)
  closeSync(open)
  forge(root)
}

/** Something other than a file in the place of one. */
export const instead = (name: string, put: (path: string) => void) => (root: string) => {
  const path = join(root, name)
  rmSync(path, { recursive: true, force: true })
  put(path)
}

export const fifo = (path: string): void => void execFileSync('mkfifo', [path])

/** Makes a hostile tree in a folder that is there; returns its run's folder. */
export function putHostile(root: string, { put }: Hostile): string {
  const path = putRun(root, 'amd64/ext4')
  put(root)
  return path
}
