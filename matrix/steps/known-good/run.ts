import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runVictim } from '../../../harness/disk-subject/run-victim.ts'
import { CannotJudge } from '../../../harness/oracle/cannot-judge.ts'
import { NO_CONFIRMATIONS } from '../../../harness/oracle/second-look.ts'
import { HOME } from '../../../subjects/home.ts'
import type { VerifyReport } from '../../../subjects/wal/verify/report.ts'
import { verifyLog } from '../../../subjects/wal/verify/verify.ts'
import { lookTwice } from '../look-twice.ts'
import type { Step, StepContext } from '../step.ts'
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

/** A log of five entries, written on the cell's file system and read by the verifier. */
export const knownGood: Step = {
  name: 'known-good',
  unmade: {
    name: 'known-good',
    verdict: 'inconclusive',
    reason: null,
    confirmations: NO_CONFIRMATIONS,
    entries: 0,
    verified: false,
  },
  async run(context) {
    const names = { first: 'known-good', second: 'known-good-again' }
    const { result, disagreement, confirmations } = await lookTwice(
      (look) => writeAndVerify(context, names[look]),
      problemWithFive,
    )
    context.kept.verifyReport = result
    return concludeKnownGood(result, { disagreement, confirmations })
  },
}
