import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runVictim } from '../../harness/kill/run-victim.ts'
import { CannotJudge } from '../../harness/oracle/cannot-judge.ts'
import { verifyLog } from '../../harness/verify/verify.ts'
import type { Step } from './step.ts'

/** The five entries, fixed: every architecture writes the same ones. */
const FIVE_ENTRIES = ['boot', 'arm', 'reading', 'disarm', 'shutdown'].map((event, index) => ({
  event,
  at: `2026-01-01T00:00:0${index}Z`,
  value: index * 1.5,
}))

/** A log of five entries, written on the cell's file system and read by the verifier. */
export const knownGood: Step = {
  name: 'known-good',
  unmade: {
    name: 'known-good',
    verdict: 'inconclusive',
    reason: null,
    entries: 0,
    verified: false,
  },
  async run({ root, subject, signal, runtime, crew, kept }) {
    const directory = join(root, 'known-good')
    mkdirSync(directory)
    const end = await runVictim(
      { subject, directory, entries: FIVE_ENTRIES, trace: false },
      { timeoutMs: crew.timeoutMs, signal, runtime },
    )
    if (!end.done) {
      const why = end.refused?.message ?? end.ending
      throw new CannotJudge(`the five entries could not be written: ${why}`)
    }
    const report = verifyLog(directory)
    kept.verifyReport = report
    const entries = report.counts.committedFrames
    const verified = report.pass && entries === FIVE_ENTRIES.length
    return {
      name: 'known-good',
      verdict: verified ? 'pass' : 'fail',
      reason: verified
        ? null
        : (report.firstOffence?.detail ?? `the verifier finds ${entries} entries and not 5`),
      entries,
      verified,
    }
  },
}
