import { join } from 'node:path'
import { meetAllErrors } from '../../../harness/io-error/meet-all.ts'
import { causeOfError, plainestFirst, tellError } from '../../../harness/io-error/tell-error.ts'
import type { ToldErrorCase } from '../../../harness/io-error/told.ts'
import { lacksForPassthrough } from '../../../harness/passthrough/requirements.ts'
import { needsInWords } from '../../../harness/process/lack.ts'
import { makeDirectories } from '../../../harness/process/make-directories.ts'
import { byCause } from '../../../harness/story/causes.ts'
import type { DescribedSubject } from '../../../harness/subject/description.ts'
import type { FileSystemName } from '../../../harness/volume/file-systems/index.ts'
import { WORKING_DIRECTORY } from '../../cells.ts'
import type { IoErrorControlRecord } from '../../evidence/io-error-types.ts'
import { caseReplayLine } from '../../evidence/replay-line.ts'
import { keepStories } from '../../stories/keep.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { concludeIoError, UNMADE } from './conclude.ts'
import { ioErrorRecord, problemRecord } from './record.ts'

/** A run that names no number of cases spends so long on this step, its controls among it. */
const BUDGET_MS = 11_000
/** And so long at least on the subject, however slowly the controls went. */
const LEAST_MS = 4_000
/** So many problems are told at once; the others stand in the evidence. */
const TOLD_PROBLEMS = 3

/** What meets errors in this step, and the controls that must be caught. */
export interface MetByErrors {
  subject: DescribedSubject
  catchControls(root: string): Promise<IoErrorControlRecord[]>
}

/** Why no operation meets an error here, in a sentence; null where they do. */
async function whySkipped({ runtime }: StepContext): Promise<string | null> {
  if (runtime.qemu !== null) {
    return 'it needs a native machine: under an emulator the operations are the same, and few can be tried'
  }
  return needsInWords(await lacksForPassthrough())
}

/** Has a subject meet errors, and then its controls, which must be caught. */
export async function meetErrorsOf(
  context: StepContext,
  { subject, catchControls }: MetByErrors,
): Promise<Extract<StepOutcome, { name: 'io-error' }>> {
  const { seed, shard, errorCases, signal, progress, title, evidencePath, kept } = context
  const reason = await whySkipped(context)
  if (reason !== null) return { ...UNMADE, verdict: 'skipped', reason }
  const startedMs = performance.now()
  const root = join(context.root, 'io-error')
  makeDirectories(root)
  progress.now(`${title} io-error controls`)
  const controls = await catchControls(join(root, 'controls'))
  const leftMs = (BUDGET_MS - (performance.now() - startedMs)) / (shard?.of ?? 1)
  const ofErrors = { evidencePath, subjectPath: context.described?.path ?? null }
  const extent =
    errorCases === null
      ? { forMs: Math.max(leftMs, LEAST_MS) }
      : { cases: Math.ceil(errorCases / (shard?.of ?? 1)) }
  const total = 'cases' in extent ? { of: extent.cases } : extent
  let done = 0
  let told = 0
  const onCase = (each: ToldErrorCase): void => {
    progress.count(`${title} io-error`, ++done, { ...total, unit: 'cases' })
    progress.detail(`  ${title} case ${each.name} ${each.verdict}: ${each.what}`)
    if (each.verdict === 'pass' || ++told > TOLD_PROBLEMS) return
    const problem = problemRecord(each, ofErrors)
    const [failure] = problem.failures
    const why = failure === undefined ? problem.notJudged : `${failure.name}: ${failure.detail}`
    progress.problem(`  ${title} case ${problem.case} ${each.verdict}: ${why}`)
    progress.problem(`    ${problem.replay}`)
  }
  const all = await meetAllErrors({
    subject,
    seed,
    root,
    fileSystem:
      context.fileSystem === WORKING_DIRECTORY ? null : (context.fileSystem as FileSystemName),
    extent,
    share: shard ?? undefined,
    signal,
    onCase,
  })
  const record = ioErrorRecord(all, controls, ofErrors)
  const listed = new Set(record.problems.map((problem) => problem.case))
  const failed = all.cases.filter(({ verdict, name }) => verdict === 'fail' && listed.has(name))
  keepStories(kept.stories, byCause(plainestFirst(failed), causeOfError), {
    key: ({ name }) => `io-error ${name}`,
    tell: (each) => tellError(subject, each, null),
    replayOf: ({ name }) => caseReplayLine(evidencePath, name, ofErrors.subjectPath),
  })
  kept.ioError = record
  return concludeIoError(record)
}
