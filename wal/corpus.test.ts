import { createHash } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ViolationCode } from './error.ts'
import { SAFE_SEQ_FILE, SAFE_SEQ_TMP_FILE, WAL_FILE } from './layout.ts'
import type { Environment } from './recovery.ts'
import { expectViolation } from './testing/expect-violation.ts'
import { LogDirectory, safeSeqBytes } from './testing/log-directory.ts'
import type { Wal } from './wal.ts'

/**
 * Directories of logs, written once from the design and never by the log's own code. `outcome.json`
 * in each says what opening it must come to.
 */
const CORPUS = fileURLToPath(new URL('./corpus/', import.meta.url))
const OUTCOME = 'outcome.json'
/** Told wherever something is cut off; the outcomes are older than it and don't list it. */
const DISCARDED = 'WAL_PHANTOM_DISCARDED'

interface Outcome {
  describes: string
  environment?: Environment
  opens?: {
    entries?: { seq: string; fields: unknown }[]
    /** In place of entries that are too large to be listed twice. */
    entriesSha256?: string
    walBytes: number
    safeSeq: string
    /** Null where the log takes no append. */
    nextSeq: string | null
    messages: string[]
    files: string[]
  }
  fails?: { code: ViolationCode; offsetBytes?: number; seq?: string }
}

const names = readdirSync(CORPUS).filter((name) => name !== 'SHA256SUMS')

function outcomeOf(name: string): Outcome {
  return JSON.parse(readFileSync(join(CORPUS, name, OUTCOME), 'utf8')) as Outcome
}

function copyOf(name: string): LogDirectory {
  const directory = new LogDirectory()
  cpSync(join(CORPUS, name), directory.path, {
    recursive: true,
    filter: (source) => basename(source) !== OUTCOME,
  })
  return directory
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function nextSeq(wal: Wal): string | null {
  try {
    return String(wal.append({}))
  } catch {
    return null
  }
}

/** Everything in the directory that is not the log's to change. */
function others(directory: LogDirectory): Record<string, string> {
  const own = [WAL_FILE, SAFE_SEQ_FILE, SAFE_SEQ_TMP_FILE]
  return Object.fromEntries(
    Object.entries(directory.snapshot()).filter(([name]) => !own.includes(name)),
  )
}

function expectToOpen(
  directory: LogDirectory,
  environment: Environment,
  opens: NonNullable<Outcome['opens']>,
): void {
  const othersBefore = others(directory)
  const walBytesBefore = directory.has(WAL_FILE) ? directory.bytes(WAL_FILE).length : 0
  const wal = directory.open({ environment })
  const entries = [...wal.readFrom(0n)].map(({ seq, fields }) => ({ seq: String(seq), fields }))
  const { entriesSha256 } = opens
  const files = readdirSync(directory.path).sort()
  if (files.includes(SAFE_SEQ_FILE)) {
    expect(directory.bytes(SAFE_SEQ_FILE)).toEqual(safeSeqBytes(wal.safeSeq))
  }
  expect({
    ...(entriesSha256 ? { entriesSha256: sha256(JSON.stringify(entries)) } : { entries }),
    walBytes: directory.bytes(WAL_FILE).length,
    safeSeq: String(wal.safeSeq),
    nextSeq: nextSeq(wal),
    messages: directory.messages().filter((message) => message !== DISCARDED),
    files,
  }).toEqual(opens)
  expect(directory.messages().includes(DISCARDED)).toBe(walBytesBefore > opens.walBytes)
  expect(others(directory)).toEqual(othersBefore)
}

test.each(names)('S10 corpus: %s', (name) => {
  const { environment = {}, opens, fails } = outcomeOf(name)
  const directory = copyOf(name)
  if (opens !== undefined) expectToOpen(directory, environment, opens)
  if (fails !== undefined) {
    const { code, offsetBytes, seq } = expectViolation(directory, fails.code, { environment })
    expect({ code, offsetBytes, seq: seq?.toString() }).toEqual(fails)
    expect(directory.messages()).toEqual(['WAL_RECOVERY_FAIL_HARD'])
  }
})

test('S10 corpus is whole: no file has changed, come or gone, and each directory has one outcome', () => {
  const paths = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path !== 'SHA256SUMS' && statSync(join(CORPUS, path)).isFile(),
  )
  const sums = paths.map((path) => `${sha256(readFileSync(join(CORPUS, path)))}  ${path}`)
  const listed = readFileSync(join(CORPUS, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  expect(sums.sort()).toEqual(listed.sort())
  expect(names.length).toBeGreaterThanOrEqual(35)
  for (const name of names) {
    const { opens, fails, describes } = outcomeOf(name)
    expect([name, (opens === undefined) !== (fails === undefined)]).toEqual([name, true])
    expect(describes).toMatch(/\.$/)
  }
})
