import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { SAFE_SEQ_FILE, WAL_FILE } from '../layout.ts'
import type { LogRecord } from '../log-record.ts'
import { Wal, type WalOptions } from '../wal.ts'

/** The bytes of one frame around any text, written out here so that no test trusts `encodeFrame`. */
export function frame(json: string | Uint8Array): Buffer {
  const bytes = Buffer.from(json as string)
  const header = Buffer.alloc(4)
  header.writeUInt32BE(bytes.length)
  return Buffer.concat([header, bytes])
}

/** Frames of entries with these seqs. */
export function frames(...seqs: (number | bigint)[]): Buffer {
  return Buffer.concat(seqs.map((seq) => frame(`{"seq":${seq},"note":"entry ${seq}"}`)))
}

/** Frames of the entries from one seq to another. */
export function framesFrom(first: number, last: number): Buffer {
  return frames(...Array.from({ length: last - first + 1 }, (_, i) => first + i))
}

/** The eight bytes of a safe point. */
export function safeSeqBytes(seq: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(seq))
  return bytes
}

/** A directory of its own for a test, removed after it. */
export class LogDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'pullplug-wal-'))
  readonly records: LogRecord[] = []

  constructor(contents: { wal?: Uint8Array; safeSeq?: number | bigint | Uint8Array } = {}) {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }))
    if (contents.wal !== undefined) this.put(WAL_FILE, contents.wal)
    const { safeSeq } = contents
    if (safeSeq !== undefined) {
      this.put(SAFE_SEQ_FILE, safeSeq instanceof Uint8Array ? safeSeq : safeSeqBytes(safeSeq))
    }
  }

  put(name: string, bytes: Uint8Array | string): void {
    writeFileSync(join(this.path, name), bytes)
  }

  putDirectory(name: string): void {
    mkdirSync(join(this.path, name))
  }

  remove(name: string): void {
    rmSync(join(this.path, name), { recursive: true })
  }

  bytes(name: string): Buffer {
    return readFileSync(join(this.path, name))
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name))
  }

  /**
   * Everything in the directory, by path: a file as hex, anything else by its mode. Equal before and
   * after means untouched.
   */
  snapshot(): Record<string, string> {
    const paths = readdirSync(this.path, { recursive: true, encoding: 'utf8' }).sort()
    const held = (path: string) => {
      const stats = lstatSync(join(this.path, path))
      return stats.isFile() ? this.bytes(path).toString('hex') : `mode ${stats.mode.toString(8)}`
    }
    return Object.fromEntries(paths.map((path) => [path, held(path)]))
  }

  /** Opens the log in it with no environment but what is given, and keeps its records. */
  open(options: WalOptions = {}): Wal {
    const wal = Wal.open(this.path, {
      environment: {},
      log: (record) => this.records.push(record),
      ...options,
    })
    onTestFinished(() => wal.close())
    return wal
  }

  messages(): string[] {
    return this.records.map((record) => record.message)
  }
}

/** The seqs that a log returns. */
export function seqs(wal: Wal, afterSeq = 0n): bigint[] {
  return [...wal.readFrom(afterSeq)].map((entry) => entry.seq)
}
