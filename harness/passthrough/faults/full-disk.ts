import { type Coming, type Fault, pointer, type Ruling, SERVE, type Where } from './fault.ts'

/**
 * The disk has room for so many bytes more, from the beginning or from an operation on: a write that needs more room is
 * done in part, and one that finds none is answered ENOSPC, until the fault is released. What lies within a file's length
 * needs no room.
 */
export interface FullDisk {
  fault: 'full-disk'
  /** From which operation on; from the first unless given. */
  at?: Where
  /** `half`: of what that operation needs. */
  roomBytes: number | 'half'
}

export const fullDisk: Fault<FullDisk> = {
  arm({ at, roomBytes }) {
    const isMeant = at === undefined ? () => true : pointer(at)
    let isReached = false
    let room = roomBytes === 'half' ? 0 : roomBytes
    return (coming: Coming): Ruling => {
      const isFirst = !isReached && isMeant(coming)
      isReached ||= isFirst
      const { kind, offsetBytes, lengthBytes, cached } = coming
      if (!isReached || (kind !== 'write' && kind !== 'fallocate') || cached) return SERVE
      const from = Math.max(offsetBytes, coming.sizeBytes)
      const growthBytes = offsetBytes + lengthBytes - from
      if (isFirst && roomBytes === 'half') room = Math.floor(Math.max(0, growthBytes) / 2)
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
