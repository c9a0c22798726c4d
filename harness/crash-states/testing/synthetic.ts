import { type DeviceRecord, RECORD, SECTOR_BYTES } from '../device-record.ts'
import type { Recording } from '../recording.ts'

/** A write of so many sectors, each filled with one of `fills`; or a flush. */
export type SyntheticRecord = { sector: number; fills: number[] } | 'flush'

const SIZE_BYTES = 64 * 1024

/** A recording that no device made: a small disk of zeros, and what was written to it. */
export function synthetic(
  synthetics: SyntheticRecord[],
  promises: Partial<Pick<Recording, 'startPosition' | 'promises'>> = {},
): Recording {
  const records: DeviceRecord[] = []
  const data: number[] = []
  for (const each of synthetics) {
    const dataOffset = data.length
    if (each === 'flush') {
      records.push({ kind: RECORD.flush, offsetBytes: 0, sizeBytes: 0, dataOffset })
      continue
    }
    const offsetBytes = each.sector * SECTOR_BYTES
    for (const fill of each.fills) data.push(...new Array<number>(SECTOR_BYTES).fill(fill))
    const sizeBytes = each.fills.length * SECTOR_BYTES
    records.push({ kind: RECORD.write, offsetBytes, sizeBytes, dataOffset })
  }
  return {
    subject: 'wal',
    fileSystem: 'ext4',
    variant: null,
    mountOptions: [],
    round: 1,
    template: new Uint8Array(SIZE_BYTES),
    records,
    data: Uint8Array.from(data),
    startPosition: 0,
    markedAt: [],
    promises: { sent: [], sentAt: [], ackedAt: [] },
    flushes: { recorded: 0, counted: 0 },
    ...promises,
  }
}
