import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runVictim } from '../../../harness/disk-subject/run-victim.ts'
import { CannotJudge } from '../../../harness/oracle/cannot-judge.ts'
import { HOME } from '../../../subjects/home.ts'
import type { VerifyReport } from '../../../subjects/wal/verify/report.ts'
import { verifyLog } from '../../../subjects/wal/verify/verify.ts'
import { lookTwice } from '../look-twice.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { concludeKnownGood, FIVE_ENTRIES, problemWithFive } from './conclude.ts'

/** Writes the five entries in a new folder, and reads them with the verifier. Throws `CannotJudge`. */
async function writeAndVerify(
  { root, subject, signal, runtime, crew }: StepContext,
  name: string,
): Promise<VerifyReport> {
  const directory = join(root, name)
  mkdirSync(directory)
  const end = await runVictim(
    { subject, directory, entries: FIVE_ENTRIES, trace: false },
    { home: HOME, timeoutMs: crew.timeoutMs, signal, runtime },
  )
  if (!end.done) {
    const why = end.refused?.message ?? end.ending
    throw new CannotJudge(`the five entries could not be written: ${why}`)
  }
  return verifyLog(directory)
}

/** Writes a log of five entries on the cell's file system, and has the verifier read it. */
export async function runKnownGood(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'known-good' }>> {
  const names = { first: 'known-good', second: 'known-good-again' }
  const { result, disagreement, confirmations } = await lookTwice(
    (look) => writeAndVerify(context, names[look]),
    problemWithFive,
  )
  context.kept.verifyReport = result
  return concludeKnownGood(result, { disagreement, confirmations })
}
