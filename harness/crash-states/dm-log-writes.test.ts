import { expect, test } from 'vitest'
import { toDmLogWrites } from './dm-log-writes.ts'
import { applyRequest } from './recording.ts'
import { synthetic } from './testing/synthetic.ts'

const recording = synthetic(
  [{ sector: 5, fills: [1, 2] }, 'flush', { sector: 5, fills: [3] }, 'flush'],
  { promises: { sent: ['1'], sentAt: [0], ackedAt: [2] } },
)
recording.template.fill(7, 4096, 8192)

/** Reads the format by the kernel's description of it, and makes its writes on an empty disk. */
function replayLog(log: Buffer) {
  const image = Buffer.alloc(recording.template.length)
  const told: string[] = []
  const sectorBytes = log.readUInt32LE(24)
  let at = sectorBytes
  for (let left = log.readBigUInt64LE(16); left > 0n; left--) {
    const [sector, sectors, flags, dataBytes] = [0, 8, 16, 24].map((i) =>
      Number(log.readBigUInt64LE(at + i)),
    ) as [number, number, number, number]
    if (flags & 8) told.push(log.toString('utf8', at + 32, at + 32 + dataBytes))
    if (flags & 1) told.push('flush')
    at += sectorBytes
    log.copy(image, sector * sectorBytes, at, at + sectors * sectorBytes)
    at += sectors * sectorBytes
  }
  expect(at).toBe(log.length)
  return { image, told }
}

test('the log has the magic, the version and the sector size that its readers look for', () => {
  const log = toDmLogWrites(recording)
  expect(log.readBigUInt64LE(0)).toBe(0x6a736677736872n)
  expect(log.readBigUInt64LE(8)).toBe(1n)
  expect(log.readUInt32LE(24)).toBe(512)
})

test('replayed on an empty disk, it gives the final image, with its flushes and marks in order', () => {
  const expected = Buffer.from(recording.template)
  for (const request of recording.requests) applyRequest(expected, request, recording.data)
  const { image, told } = replayLog(toDmLogWrites(recording))
  expect(image.equals(expected)).toBe(true)
  expect(told).toEqual(['flush', 'template', 'flush', 'acknowledged-1', 'flush'])
})
