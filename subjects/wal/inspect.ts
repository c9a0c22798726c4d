import type { Failure } from '../../harness/oracle/failure.ts'
import type { Inspection } from '../../harness/oracle/judge.ts'
import { verifyLog } from './verify/verify.ts'

/** What our log's files say of it after a recovery. */
export interface SafePoint {
  /** safe_seq; null when it can't be read. */
  safeSeq: string | null
  /** Bytes that stand beyond it: a phantom that recovery left. */
  bytesBeyond: number
}

/** What is wrong with a safe point when so many entries came back: safe_seq on disk equals their number. */
export function judgeSafePoint({ safeSeq, bytesBeyond }: SafePoint, recovered: number): Failure[] {
  if (bytesBeyond > 0) {
    const detail = `after recovery, ${bytesBeyond} bytes stand beyond the safe point`
    return [{ name: 'phantom', detail }]
  }
  if (safeSeq === String(recovered)) return []
  if (safeSeq === null) {
    return [{ name: 'refused', detail: 'safe_seq cannot be read after recovery' }]
  }
  const detail = `safe_seq on disk is ${safeSeq} and ${recovered} entries came back`
  return [{ name: BigInt(safeSeq) > BigInt(recovered) ? 'acked-lost' : 'phantom', detail }]
}

/** Whether a failure's detail tells of a safe point that is ahead of so many entries. */
export function tellsSafePointAhead(detail: string, recovered: number): boolean {
  const [, safeSeq] = /^safe_seq on disk is (\d{1,20}) and /.exec(detail) ?? []
  if (safeSeq === undefined || BigInt(safeSeq) <= BigInt(recovered)) return false
  return judgeSafePoint({ safeSeq, bytesBeyond: 0 }, recovered)[0]?.detail === detail
}

/** What the verifier reads in a directory of our log. Throws a `MachineError`. */
export function safePointIn(directory: string): SafePoint {
  const { safeSeq, counts } = verifyLog(directory)
  return { safeSeq, bytesBeyond: counts.bytesBeyondSafePoint }
}

/** The inspection of a directory of our log. Throws a `MachineError`. */
export function inspectWal(directory: string): Inspection {
  const safePoint = safePointIn(directory)
  return (recovered) => judgeSafePoint(safePoint, recovered)
}
