import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MachineError } from '../process/machine-error.ts'
import { FILE_SYSTEMS } from '../volume/file-systems/index.ts'
import type { Recording } from './recording.ts'
import { packRecording, unpackRecording } from './recording-file.ts'
import type { Header } from './recording-header.ts'
import { MAX_ENTRIES, PACKED_BYTES, RECORDING_LIMITS, UNPACKED_BYTES } from './recording-limits.ts'
import { synthetic } from './testing/synthetic.ts'

const SIZE_BYTES = FILE_SYSTEMS.ext4.powerCut.sizeBytes
const MIB = 1024 * 1024

function recordingOf(...args: Parameters<typeof synthetic>): Recording {
  const template = new Uint8Array(SIZE_BYTES)
  template[3 * 4096] = 7
  return { ...synthetic(...args), template }
}

const RECORDING = recordingOf(
  [{ sector: 5, fills: [1, 2] }, 'flush', { sector: 9, fills: [3] }, 'flush'],
  { promises: { sent: ['{"a":1}', '{"b":2}'], sentAt: [0, 2], ackedAt: [2, 4] } },
)
RECORDING.markedAt.push(2)
const ORDERED = { recording: RECORDING, seed: 3, tearBytes: 512 }
const GOOD = packRecording(ORDERED)

const [LINE, REST] = ((): [string, Buffer] => {
  const bytes = gunzipSync(GOOD)
  const end = bytes.indexOf('\n')
  return [bytes.subarray(0, end).toString(), bytes.subarray(end + 1)]
})()

const packed = (line: string, rest: Uint8Array = REST): Uint8Array =>
  gzipSync(Buffer.concat([Buffer.from(`${line}\n`), rest]))

/** The good recording, but for its line of JSON. */
const withHeader = (change: object): (() => Uint8Array) => {
  return () => packed(JSON.stringify({ ...JSON.parse(LINE), ...change }))
}
const header = JSON.parse(LINE) as Header
const { promises } = header
const withPromises = (change: object) => withHeader({ promises: { ...promises, ...change } })
const withWrite = (...write: unknown[]) =>
  withHeader({ records: [write, ...header.records.slice(1)] })

test('a recording is read back as it was written', () => {
  const { recording, ...order } = unpackRecording(GOOD)
  const { template, data, ...rest } = recording
  const { template: templateBefore, data: dataBefore, ...restBefore } = RECORDING
  expect({ ...order, rest }).toEqual({ seed: 3, tearBytes: 512, rest: restBefore })
  // Byte for byte, which `toEqual` takes a minute for.
  expect(Buffer.compare(template, templateBefore)).toBe(0)
  expect(Buffer.compare(data, dataBefore)).toBe(0)
})

test('the same recording is the same bytes', () => {
  expect(Buffer.compare(packRecording(ORDERED), GOOD)).toBe(0)
})

const ODD: [string, () => Uint8Array, string][] = [
  ['no gzip', () => Buffer.from('this is no gzip, however long it is'), 'not what gzip packed'],
  ['nothing', () => new Uint8Array(0), 'no end'],
  ['a truncated gzip', () => GOOD.subarray(0, -9), 'bytes'],
  ['an empty gzip', () => gzipSync(Buffer.alloc(0)), 'no line that says what it is'],
  ['one gzip behind another', () => Buffer.concat([GOOD, GOOD]), 'bytes that are not what'],
  [
    'something behind its gzip',
    () => Buffer.concat([GOOD, Buffer.alloc(9)]),
    'not what gzip packed',
  ],
  [
    'a checksum of something else',
    () => Buffer.concat([GOOD.subarray(0, -8), Buffer.alloc(4), GOOD.subarray(-4)]),
    'not what gzip packed',
  ],
  ['a bit turned', () => Buffer.from(GOOD).fill(0, 40, 41), 'bytes that are not what gzip packed'],
  ['too many bytes', () => Buffer.alloc(PACKED_BYTES + 1), `more than ${PACKED_BYTES} bytes`],
  [
    'more in it than it may',
    () => gzipSync(Buffer.alloc(UNPACKED_BYTES + 1)),
    `more than ${UNPACKED_BYTES} bytes in it`,
  ],
  ['an endless line', () => gzipSync(Buffer.alloc(5 * MIB, 'x')), 'no line that says what it is'],
  ['no JSON', () => packed('nonsense'), 'is not JSON'],
  ['a key twice', () => packed(LINE.replace('{', '{"seed":4,')), 'has a key twice'],
  ['bytes that are not UTF-8', () => gzipSync(Buffer.from([0xff, 10])), 'is not UTF-8'],
  ['another format', withHeader({ format: 'pullplug-recording/1' }), 'another format'],
  ['null for a header', () => packed('null'), 'another format'],
  ['a key more', withHeader({ more: 1 }), 'other keys'],
  ['a key less', () => packed(LINE.replace(/"seed":3,/, '')), 'other keys'],
  ['an end before its end', () => packed(LINE, REST.subarray(0, -1)), 'an end before its end'],
  ['bytes beyond its end', () => packed(LINE, Buffer.concat([REST, REST])), 'bytes beyond its end'],
  ['a negative seed', withHeader({ seed: -1 }), 'no seed'],
  ['a seed beyond 32 bits', withHeader({ seed: 2 ** 32 }), 'no seed'],
  ['a torn unit of nothing', withHeader({ tearBytes: 0 }), 'a torn unit that no disk has'],
  ['a torn unit in letters', withHeader({ tearBytes: 'x' }), 'a torn unit that no disk has'],
  ['a torn unit of half a byte', withHeader({ tearBytes: 0.5 }), 'a torn unit that no disk has'],
  ['a path for a subject', withHeader({ subject: '../evil' }), 'no subject'],
  ['no subject', withHeader({ subject: null }), 'no subject'],
  ['round 0', withHeader({ round: 0 }), 'no round'],
  ['round 1e15', withHeader({ round: 1e15 }), 'no round'],
  ['an unknown file system', withHeader({ fileSystem: 'ntfs' }), 'an unknown file system'],
  ['a method for a file system', withHeader({ fileSystem: 'toString' }), 'an unknown file system'],
  ['an unknown variant', withHeader({ variant: 'data=lost' }), 'an unknown variant'],
  [
    'a variant of what has none',
    withHeader({ fileSystem: 'xfs', variant: 'fast_commit' }),
    'an unknown variant',
  ],
  [
    'mount options of its own',
    withHeader({ mountOptions: ['journal_path=/dev/sda'] }),
    'other mount options',
  ],
  ['a disk of half the size', withHeader({ sizeBytes: SIZE_BYTES / 2 }), 'a disk of another size'],
  ['a disk of half a page', withHeader({ sizeBytes: SIZE_BYTES + 512 }), 'a disk of another size'],
  ['a disk of 1e15 bytes', withHeader({ sizeBytes: 1e15 }), 'a disk of another size'],
  ['a page twice', withHeader({ templatePages: [3, 3] }), 'pages out of order'],
  [
    'a page beyond its disk',
    withHeader({ templatePages: [SIZE_BYTES / 4096] }),
    'pages out of order',
  ],
  ['a page before its disk', withHeader({ templatePages: [-1] }), 'pages out of order'],
  ['half a page', withHeader({ templatePages: [1.5] }), 'pages out of order'],
  ['pages in letters', withHeader({ templatePages: 'all' }), 'pages out of order'],
  ['no writes', withHeader({ records: 7 }), 'no list of writes'],
  ['a write of two numbers', withWrite(0, 0), 'a write that is none'],
  ['a write of an unknown kind', withWrite(7, 0, 512), 'a write that is none'],
  ['a flush of something', withWrite(2, 512, 512), 'a write that is none'],
  ['a write before its disk', withWrite(0, -512, 1024), 'a write of no whole bytes'],
  ['a write of fractions', withWrite(0, 0.5, 1024), 'a write of no whole bytes'],
  ['a write of nothing', withWrite(0, 512, 0), 'a write of no whole bytes'],
  ['a write in letters', withWrite(0, '0', 1024), 'a write of no whole bytes'],
  ['a write of half a sector', withWrite(0, 256, 1024), 'a write of half a sector'],
  ['a write beyond its disk', withWrite(0, SIZE_BYTES - 512, 1024), 'a write beyond its disk'],
  ['a write of more than its bytes', withWrite(0, 0, 4096), 'writes that do not add up'],
  ['fewer bytes than it says', withHeader({ dataBytes: 512 }), 'writes that do not add up'],
  ['bytes in fractions', withHeader({ dataBytes: 1.5 }), 'no number of bytes'],
  [
    'too many flushes',
    withHeader({ records: new Array(RECORDING_LIMITS.requests + 1).fill([2, 0, 0]) }),
    `more than ${RECORDING_LIMITS.requests} writes and flushes`,
  ],
  [
    'too many bytes that became zero',
    withHeader({ records: [...header.records, ...new Array(40).fill([1, 0, SIZE_BYTES])] }),
    'bytes that became zero',
  ],
  [
    'too many writes in flight',
    withHeader({ records: [...header.records, ...new Array(5000).fill([1, 0, 512])] }),
    'too many writes in flight',
  ],
  ['a start beyond its end', withHeader({ startPosition: 5 }), 'a start beyond its end'],
  ['no promises', withHeader({ promises: null }), 'no promises'],
  ['promises of another shape', withPromises({ more: [] }), 'no promises'],
  [
    'a million acknowledgements',
    withPromises({ ackedAt: new Array(1_000_000).fill(4) }),
    'positions out of order',
  ],
  [
    'too many entries',
    withPromises({ sent: new Array(MAX_ENTRIES + 1).fill('{}') }),
    `more than ${MAX_ENTRIES} entries`,
  ],
  ['an entry that is no text', withPromises({ sent: [7, '{}'] }), 'an entry that is no text'],
  ['an entry of a megabyte', withPromises({ sent: ['x'.repeat(MIB), '{}'] }), 'an entry of more'],
  ['positions out of order', withPromises({ sentAt: [2, 0] }), 'positions out of order'],
  ['a position in fractions', withPromises({ sentAt: [0, 2.5] }), 'positions out of order'],
  ['a position beyond its end', withPromises({ ackedAt: [2, 5] }), 'positions out of order'],
  ['marks that are no list', withHeader({ markedAt: {} }), 'positions out of order'],
  ['fewer sent than positions', withPromises({ sent: ['{}'] }), 'what was never sent'],
  ['an acknowledgement more', withPromises({ ackedAt: [2, 4, 4] }), 'what was never sent'],
  [
    'an acknowledgement before it was sent',
    withPromises({ ackedAt: [2, 2], sentAt: [0, 3] }),
    'positions out of order',
  ],
  ['a mark before its acknowledgement', withHeader({ markedAt: [1] }), 'positions out of order'],
  ['a mark more', withHeader({ markedAt: [2, 4, 4] }), 'never acknowledged'],
  [
    'flushes that are no numbers',
    withHeader({ flushes: { recorded: 'x', counted: 1 } }),
    'no flushes',
  ],
]

test.each(ODD)(
  'a recording with %s is refused in a sentence, as the machine’s error',
  (_, bytes, why) => {
    let refusal: unknown
    try {
      unpackRecording(bytes())
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(MachineError)
    expect((refusal as Error).message).toContain('this is no recording of ours, for it ')
    expect((refusal as Error).message).toContain(why)
  },
)

test('a recording that is larger than any that is read is not packed', () => {
  const data = new Uint8Array(UNPACKED_BYTES)
  expect(() => packRecording({ ...ORDERED, recording: { ...RECORDING, data } })).toThrow(
    'too large',
  )
})
