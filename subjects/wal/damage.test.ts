import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { Wal } from '../../wal/wal.ts'
import { leavePhantom, PHANTOM_PAYLOAD, rotEntry } from './damage.ts'

const SHAPES = ['frame', 'partial', 'zeros', 'huge-length', 'frames'] as const

/** A log of three entries. */
function log(): { directory: string; path: string; bytes: Buffer } {
  const directory = temporaryDirectory()
  const wal = Wal.open(directory, { environment: {} })
  for (const note of ['one', 'two', 'three']) wal.append({ note })
  wal.close()
  const path = join(directory, 'telemetry.wal')
  return { directory, path, bytes: readFileSync(path) }
}

function notes(directory: string): unknown[] {
  const wal = Wal.open(directory, { environment: {} })
  const read = Array.from(wal.readFrom(0n), ({ fields }) => fields.note)
  wal.close()
  return read
}

describe('a phantom', () => {
  test.each(SHAPES)(
    '(%s) stands behind an untouched log, and our recovery cuts it off',
    (shape) => {
      const { directory, path, bytes } = log()
      leavePhantom(directory, shape, 3)
      const struck = readFileSync(path)
      expect(struck.length).toBeGreaterThan(bytes.length)
      expect(struck.subarray(0, bytes.length)).toEqual(bytes)
      expect(notes(directory)).toEqual(['one', 'two', 'three'])
      expect(readFileSync(path)).toEqual(bytes)
    },
  )

  test('of shape frame is a whole frame with the next seq, and partial is its first half', () => {
    const { directory, path, bytes } = log()
    leavePhantom(directory, 'frame', 3)
    const phantom = readFileSync(path).subarray(bytes.length)
    expect(phantom.readUInt32BE()).toBe(phantom.length - 4)
    expect(JSON.parse(phantom.subarray(4).toString())).toEqual({ seq: 4, ...PHANTOM_PAYLOAD })

    const other = log()
    leavePhantom(other.directory, 'partial', 3)
    const half = readFileSync(other.path).subarray(bytes.length)
    expect(half).toEqual(phantom.subarray(0, Math.floor(phantom.length / 2)))
  })

  test('of shape frames is several that go on behind the log, which our recovery keeps', () => {
    const { directory, path, bytes } = log()
    leavePhantom(directory, 'frames', 3)
    const phantoms = readFileSync(path).subarray(bytes.length)
    notes(directory)
    expect(readFileSync(join(directory, 'telemetry.wal.cut-3'))).toEqual(phantoms)
    expect(phantoms.toString().match(/"seq":\d/g)).toEqual(['"seq":4', '"seq":5', '"seq":6'])
  })

  test('of shape huge-length claims four GiB', () => {
    const { directory, path, bytes } = log()
    leavePhantom(directory, 'huge-length', 3)
    expect(readFileSync(path).readUInt32BE(bytes.length)).toBe(0xffff_ffff)
  })
})

describe('rot', () => {
  test.each([1, 2, 3])('of entry %i changes one byte, and its JSON no longer parses', (entry) => {
    const { directory, path, bytes } = log()
    expect(rotEntry(directory, entry)).toBe(true)
    const rotted = readFileSync(path)
    const changed = [...bytes.keys()].filter((at) => rotted[at] !== bytes[at])
    expect(changed).toHaveLength(1)
    expect(rotted.length).toBe(bytes.length)
    const at = changed[0] as number
    const json = rotted.subarray(at, at + bytes.readUInt32BE(at - 4)).toString()
    expect(() => JSON.parse(json)).toThrow(SyntaxError)
    expect(() => notes(directory)).toThrow('WAL_CORRUPT_INVALID_JSON')
  })

  test('of an entry that is not there changes nothing and says so', () => {
    const { directory, path, bytes } = log()
    expect(rotEntry(directory, 4)).toBe(false)
    expect(readFileSync(path)).toEqual(bytes)
    expect(rotEntry(temporaryDirectory(), 1)).toBe(false)
  })

  test('does not take a partial frame for an entry', () => {
    const { directory, path, bytes } = log()
    writeFileSync(path, bytes.subarray(0, -1))
    expect(rotEntry(directory, 3)).toBe(false)
    expect(rotEntry(directory, 2)).toBe(true)
  })
})
