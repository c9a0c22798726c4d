import { type Fault, pointer, SERVE, type Where } from './fault.ts'

/**
 * The subject dies by SIGKILL while its operation is in the server's hands: before it is done, after, or when so
 * many bytes of a write are.
 */
export type Kill = { fault: 'kill'; at: Where } & (
  | { moment: 'before' | 'after' }
  /**
   * A SIGKILL stops a write of ext4 and xfs at the end of a page of the file only; what is not the within of a
   * write of more bytes is a before.
   */
  | { moment: 'within'; wroteBytes: number }
)

export const kill: Fault<Kill> = {
  arm(order) {
    const isMeant = pointer(order.at)
    return (coming) => {
      if (!isMeant(coming)) return SERVE
      if (order.moment !== 'within') return { do: 'kill', moment: order.moment }
      const hasInside =
        coming.kind === 'write' && order.wroteBytes > 0 && order.wroteBytes < coming.lengthBytes
      if (!hasInside) return { do: 'kill', moment: 'before' }
      return { do: 'kill', moment: 'within', wroteBytes: order.wroteBytes }
    }
  },
}
