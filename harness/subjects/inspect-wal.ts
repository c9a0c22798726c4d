import type { Inspection } from '../oracle/judge.ts'
import { verifyLog } from '../verify/verify.ts'

/** What is wrong when so many bytes stand beyond the safe point; null when none do. */
export function beyondSafePoint(bytes: number): string | null {
  return bytes === 0 ? null : `after recovery, ${bytes} bytes stand beyond the safe point`
}

/** What the verifier reads in a directory of our log. Throws a `MachineError`. */
export function inspectWal(directory: string): Inspection {
  const { safeSeq, counts } = verifyLog(directory)
  return { safeSeq, phantom: beyondSafePoint(counts.bytesBeyondSafePoint) }
}
