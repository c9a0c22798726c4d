import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MachineError } from '../process/machine-error.ts'
import { packRecording, unpackRecording } from './recording-file.ts'
import { synthetic } from './testing/synthetic.ts'

const recording = synthetic([{ sector: 5, fills: [1, 2] }, 'flush', { sector: 9, fills: [3] }], {
  promises: { sent: ['{"a":1}'], sentAt: [0], ackedAt: [2] },
})
recording.template[PAGE(3)] = 7

function PAGE(page: number): number {
  return page * 4096
}

const ORDERED = { recording, seed: 3, tearBytes: 512 }

test('a recording is read back as it was written', () => {
  expect(unpackRecording(packRecording(ORDERED))).toEqual({
    ...ORDERED,
    recording: { ...recording, data: Buffer.from(recording.data) },
  })
})

test('the same recording is the same bytes', () => {
  expect(packRecording(ORDERED)).toEqual(packRecording(ORDERED))
})

test.each([
  ['no gzip', () => Buffer.from('none')],
  ['an end before its end', () => gzipSync(gunzipSync(packRecording(ORDERED)).subarray(0, -1))],
  [
    'a write beyond its disk',
    () =>
      packRecording({
        ...ORDERED,
        recording: synthetic([{ sector: 127, fills: [1, 2] }]),
      }),
  ],
])('what has %s is refused as the machine’s error', (_, bytes) => {
  expect(() => unpackRecording(bytes())).toThrow(MachineError)
})
