import type { Inspection } from '../oracle/judge.ts'
import { verifyLog } from '../verify/verify.ts'

/** What the verifier reads in a directory of our log. Throws a `MachineError`. */
export function inspectWal(directory: string): Inspection {
  const { safeSeq, counts } = verifyLog(directory)
  const beyondBytes = counts.bytesBeyondSafePoint
  const phantom = `after recovery, ${beyondBytes} bytes stand beyond the safe point`
  return { safeSeq, phantom: beyondBytes === 0 ? null : phantom }
}
