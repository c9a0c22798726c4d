import { type DeviceRequest, REQUEST, SECTOR_BYTES } from '../device-request.ts'
import type { Recording } from '../recording.ts'

/** A write of so many sectors, each filled with one of `fills`; or a flush. */
export type SyntheticRecord = { sector: number; fills: number[] } | 'flush'

const SIZE_BYTES = 64 * 1024

/** A recording that no device made: a small disk of zeros, and what was written to it. */
export function synthetic(
  synthetics: SyntheticRecord[],
  promises: Partial<Pick<Recording, 'startPosition' | 'promises'>> = {},
): Recording {
  const requests: DeviceRequest[] = []
  const data: number[] = []
  for (const each of synthetics) {
    const dataOffset = data.length
    if (each === 'flush') {
      requests.push({ kind: REQUEST.flush, offsetBytes: 0, sizeBytes: 0, dataOffset })
      continue
    }
    const offsetBytes = each.sector * SECTOR_BYTES
    for (const fill of each.fills) data.push(...new Array<number>(SECTOR_BYTES).fill(fill))
    const sizeBytes = each.fills.length * SECTOR_BYTES
    requests.push({ kind: REQUEST.write, offsetBytes, sizeBytes, dataOffset })
  }
  return {
    subject: 'wal',
    fileSystem: 'ext4',
    variant: null,
    mountOptions: [],
    round: 1,
    template: new Uint8Array(SIZE_BYTES),
    requests,
    data: Uint8Array.from(data),
    startPosition: 0,
    markedAt: [],
    promises: { sent: [], sentAt: [], ackedAt: [] },
    flushes: { recorded: 0, counted: 0 },
    ...promises,
  }
}
