/** Torn writes, and pages of the image, are counted in these. */
export const SECTOR_BYTES = 512
export const PAGE_BYTES = 4096

/** What one request of the log is: bytes that were written, bytes that became zero, or a flush. */
export const REQUEST = { write: 0, zero: 1, flush: 2 } as const

/** One request of a device's log. */
export interface DeviceRequest {
  kind: number
  offsetBytes: number
  sizeBytes: number
  /** Where a write's bytes begin in the log's own bytes. */
  dataOffset: number
}
