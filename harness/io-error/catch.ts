import { rmSync } from 'node:fs'
import { OperationLane } from '../observed/lane.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { FailureName } from '../oracle/failure.ts'
import { planErrorHistory } from '../plan/error-history.ts'
import { makeDirectories } from '../process/make-directories.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { ANSWER_MS } from './answer-ms.ts'
import { SEQUELS } from './cases.ts'
import { type PlannedError, playCase } from './error-case.ts'
import type { IoErrorRow } from './errors/row.ts'
import { MOST_CONTROL_CASES } from './limits.ts'

export interface CatchOptions {
  /** The control. */
  subject: DescribedSubject
  seed: number
  /** A folder for it alone, on the file system under test. */
  root: string
  /** The errors that show it, in the order in which they are tried. */
  rows: readonly IoErrorRow[]
  signal?: AbortSignal | undefined
}

/** How a control fared: the failure that showed it and by what, in words; null where nothing did. */
export interface Shown {
  shown: { failure: FailureName; by: string } | null
  /** How many cases were judged. */
  tries: number
}

/** Of the seed's histories, the first, which begins with the very first open. */
const ROUND = 1

/**
 * Has a control meet errors until a failure of it is found, and found again by a second look. Throws `CannotJudge` where
 * it does not even pass without an error, a `MachineError`, and what the signal was aborted with.
 */
export async function catchByErrors(options: CatchOptions): Promise<Shown> {
  const { subject, seed, root, rows, signal } = options
  makeDirectories(root)
  const { kind, timeoutMs = ANSWER_MS } = subject.description
  const lane = await OperationLane.create({ subject, folder: root, signal, timeoutMs })
  const writer = lane.newWriter()
  try {
    const planned = planErrorHistory(kind, seed, ROUND)
    const { operations, problem } = await lane.count(planned, { reads: true, sizes: true })
    if (problem !== null) throw new CannotJudge(`without any error, ${problem}`)
    const inWords = new Map<PlannedError, string>()
    for (const row of rows) {
      for (const operation of operations.filter((each) => row.canStrike(each))) {
        const { during, name } = operation
        // In turns, for what a later change makes good is shown by a reopening alone, and the other way round.
        for (const sequel of SEQUELS) {
          inWords.set({ row, operation, sequel }, `${during}: ${name} ${row.inWords}`)
        }
      }
    }
    let tries = 0
    for (const [given, by] of [...inWords].slice(0, MOST_CONTROL_CASES)) {
      const first = await playCase(
        { subject, lane, writer, looksAgain: false, cutsPower: false },
        planned,
        given,
      )
      if (first.verdict === 'inconclusive') continue
      tries += 1
      if (first.verdict === 'pass') continue
      await writer.stop()
      await lane.talker.stop()
      const again = await playCase(
        { subject, lane, writer, looksAgain: true, cutsPower: false },
        planned,
        given,
      )
      const [failure] = again.failures
      if (failure !== undefined) return { shown: { failure: failure.name, by }, tries }
    }
    return { shown: null, tries }
  } finally {
    await writer.stop()
    await lane.remove()
    rmSync(root, { recursive: true, force: true })
  }
}
