import { join } from 'node:path'
import { CannotRead } from '../../harness/files/cannot-read.ts'
import { listBounded } from '../../harness/files/list-bounded.ts'
import { readBounded } from '../../harness/files/read-bounded.ts'
import { textOf } from '../../harness/files/read-text.ts'
import { parseStrictly } from '../../harness/files/strict-json.ts'
import { shown } from '../../harness/text/shown.ts'
import {
  COMMAND_FILE,
  ITERATIONS_FILE,
  LOG_FILE,
  parseSums,
  RUN_FILE,
  SUMS_FILE,
  sha256,
} from './files.ts'
import { MAX_LINE_BYTES, MAX_RUN_BYTES, MAX_RUN_FILES, maxBytesOf } from './limits.ts'
import { type Kind, problemWith } from './schemas.ts'

/** The files of a run as they stand there: none is believed, and no limit exceeded. Problems are thrown as `CannotRead`. */

const REQUIRED = [RUN_FILE, COMMAND_FILE, ITERATIONS_FILE, LOG_FILE, SUMS_FILE]

/** Has `read` say of which file it is what it could not read. */
function of<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const said =
      error instanceof CannotRead ? error.message : `cannot be read: ${(error as Error).message}`
    throw new CannotRead(`${name} ${said}`)
  }
}

/** The bytes of all files of a run by name, in the order of their names. */
export function readFiles(path: string): Map<string, Buffer> {
  const names = of('it', () => listBounded(path, { maxEntries: MAX_RUN_FILES }))
    .map(({ name }) => name)
    .sort()
  const files = new Map<string, Buffer>()
  let sizeBytes = 0
  for (const name of names) {
    const maxBytes = maxBytesOf(name)
    if (maxBytes === null) throw new CannotRead(`${shown(name, 80)} does not belong there`)
    const bytes = of(name, () => readBounded(join(path, name), { maxBytes }))
    sizeBytes += bytes.length
    if (sizeBytes > MAX_RUN_BYTES) {
      throw new CannotRead(`its files are too large: more than ${MAX_RUN_BYTES} bytes together`)
    }
    files.set(name, bytes)
  }
  const missing = REQUIRED.find((name) => !files.has(name))
  if (missing !== undefined) throw new CannotRead(`${missing} is missing`)
  return files
}

/** The digests in SHA256SUMS, which lists every other file once, with its digest, and nothing else. */
export function checkSums(files: ReadonlyMap<string, Buffer>): Map<string, string> {
  const sums = parseSums(text(files, SUMS_FILE))
  if (typeof sums === 'string') throw new CannotRead(`${SUMS_FILE} ${sums}`)
  for (const [name, bytes] of files) {
    if (name === SUMS_FILE) continue
    if (!sums.has(name)) throw new CannotRead(`${SUMS_FILE} does not list ${name}`)
    if (sums.get(name) !== sha256(bytes)) {
      throw new CannotRead(`${name} is not what was written: its SHA-256 differs from ${SUMS_FILE}`)
    }
  }
  const listed = [...sums.keys()]
  if (sums.has(SUMS_FILE)) throw new CannotRead(`${SUMS_FILE} lists itself`)
  const gone = listed.find((name) => !files.has(name))
  if (gone !== undefined) throw new CannotRead(`${shown(gone, 80)} is in ${SUMS_FILE} and missing`)
  return sums
}

function text(files: ReadonlyMap<string, Buffer>, name: string): string {
  return of(name, () => textOf(files.get(name) as Buffer))
}

function parse<T>(kind: Kind, name: string, json: string): T {
  const value = of(name, () => parseStrictly(json))
  const problem = problemWith(kind, value)
  if (problem !== null) throw new CannotRead(`${name} is not valid: ${problem}`)
  return value as T
}

/** A file that is one JSON value of a kind. */
export function readJson<T>(files: ReadonlyMap<string, Buffer>, name: string, kind: Kind): T {
  return parse(kind, name, text(files, name))
}

/** A file with one JSON value of a kind on each line, at most `maxLines` of them. */
export function readLines<T>(
  files: ReadonlyMap<string, Buffer>,
  name: string,
  { kind, maxLines }: { kind: Kind; maxLines: number },
): T[] {
  const bytes = files.get(name) as Buffer
  const values: T[] = []
  for (let at = 0; at < bytes.length; ) {
    const line = `${name} line ${values.length + 1}`
    if (values.length === maxLines) throw new CannotRead(`${name} has more than ${maxLines} lines`)
    const end = bytes.indexOf('\n', at)
    if (end < 0) throw new CannotRead(`${name} does not end with a whole line`)
    if (end === at) throw new CannotRead(`${line} is empty`)
    if (end - at > MAX_LINE_BYTES) throw new CannotRead(`${line} is too long: ${end - at} bytes`)
    const json = of(line, () => textOf(bytes.subarray(at, end)))
    values.push(parse(kind, line, json))
    at = end + 1
  }
  return values
}
