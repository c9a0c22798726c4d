import { type Coming, type Fault, type Ruling, SERVE } from './fault.ts'

/**
 * The disk has room for so many bytes more: a write that needs more room is done in part, and one that finds none
 * is answered ENOSPC, until the fault is released. What lies within a file's length needs no room.
 */
export interface FullDisk {
  fault: 'full-disk'
  roomBytes: number
}

export const fullDisk: Fault<FullDisk> = {
  arm({ roomBytes }) {
    let room = roomBytes
    return ({ kind, offsetBytes, lengthBytes, sizeBytes, cached }: Coming): Ruling => {
      if ((kind !== 'write' && kind !== 'fallocate') || cached) return SERVE
      const from = Math.max(offsetBytes, sizeBytes)
      const growthBytes = offsetBytes + lengthBytes - from
      if (growthBytes <= room) {
        room -= Math.max(0, growthBytes)
        return SERVE
      }
      const wroteBytes = from - offsetBytes + room
      if (kind === 'fallocate' || wroteBytes <= 0) return { do: 'refuse', errno: 'ENOSPC' }
      room = 0
      return { do: 'shorten', lengthBytes: wroteBytes }
    }
  },
}
