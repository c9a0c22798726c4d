import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { catchAnyControls } from '../../../../harness/kill/any-controls.ts'
import { killAtMoments } from '../../../../harness/kill/moments.ts'
import { killAtOperations, type NamedResult } from '../../../../harness/kill/operations/campaign.ts'
import { CannotPlayWhereSeen } from '../../../../harness/kill/operations/cannot-play.ts'
import { causeOfKill, tellKill, tellMoment } from '../../../../harness/kill/told.ts'
import { lacksForPassthrough } from '../../../../harness/passthrough/requirements.ts'
import { planOperationKill } from '../../../../harness/plan/killed-history.ts'
import { byCause } from '../../../../harness/story/causes.ts'
import type { DescribedSubject } from '../../../../harness/subject/description.ts'
import { recordedIterations } from '../../../evidence/recorded.ts'
import { replayLine } from '../../../evidence/replay-line.ts'
import type { IterationRecord } from '../../../evidence/types.ts'
import { isInShard } from '../../../shard.ts'
import { keepStories } from '../../../stories/keep.ts'
import { anyControlRecord } from '../../any-control-record.ts'
import { describedOf, type StepContext, type StepOutcome } from '../../row.ts'
import { concludeAnyKill } from '../conclude.ts'
import { momentRecord } from './moment-record.ts'
import type { OfRun } from './of-run.ts'
import { operationRecord, workloadOf } from './operation-record.ts'

/** Kills at operations, and gives each iteration as a line of evidence. */
async function killsAtOperations(
  { subject, seed, root, numbers, signal }: Kills,
  onRecord: (record: IterationRecord) => void,
  ofRun: OfRun,
  stories: StepContext['kept']['stories'],
): Promise<IterationRecord[]> {
  const { kind } = subject.description
  const recordOf = (result: NamedResult): IterationRecord => {
    const iteration = Number(result.name)
    const { round } = planOperationKill(seed, iteration)
    return operationRecord({ ...result, iteration }, workloadOf(kind, seed, round), ofRun)
  }
  const { results } = await killAtOperations({
    subject,
    seed,
    root,
    extent: { numbers },
    signal,
    onResult: (result) => onRecord(recordOf(result)),
  })
  const records = results.map(recordOf).sort((a, b) => a.iteration - b.iteration)
  const failed = results.filter(({ verdict }) => verdict === 'fail')
  keepStories(stories, byCause(failed, causeOfKill), {
    key: ({ name }) => `kill ${name}`,
    tell: (result) => tellKill(subject, result, null),
    replayOf: ({ name }) => replayLine(ofRun.evidencePath, Number(name), ofRun.subjectPath),
  })
  return records
}

/** Kills at moments, likewise. */
async function killsAtMoments(
  { numbers, ...kills }: Kills,
  onRecord: (record: IterationRecord) => void,
  ofRun: OfRun,
  stories: StepContext['kept']['stories'],
): Promise<IterationRecord[]> {
  const results = await killAtMoments({
    ...kills,
    extent: { numbers },
    onResult: (result) => onRecord(momentRecord(result, ofRun)),
  })
  const failed = results.filter(({ verdict }) => verdict === 'fail')
  keepStories(
    stories,
    byCause(failed, ({ failures }) => failures[0]?.name ?? ''),
    {
      key: ({ iteration }) => `kill ${iteration}`,
      tell: (result) => tellMoment(kills.subject, kills.seed, result),
      replayOf: ({ iteration }) => replayLine(ofRun.evidencePath, iteration, ofRun.subjectPath),
    },
  )
  return results.map((result) => momentRecord(result, ofRun))
}

interface Kills {
  subject: DescribedSubject
  seed: number
  root: string
  numbers: number[]
  signal: AbortSignal
}

/**
 * Kills any subject at its operations, or where they can't be seen at moments of the plan's; then its controls, which
 * must be caught.
 */
export async function runAnyKill(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'kill' }>> {
  const { seed, shard, signal, progress, title, evidencePath } = context
  const { subject, path: subjectPath } = describedOf(context)
  const ofRun = { seed, evidencePath, subjectPath }
  const root = join(context.root, 'kill')
  mkdirSync(root)
  const numbers = Array.from({ length: context.iterations }, (_, at) => at + 1).filter((number) =>
    isInShard(number, shard),
  )
  let done = 0
  const onRecord = ({ iteration, verdict, replay, failures, reason }: IterationRecord): void => {
    progress.count(`${title} kill`, ++done, { of: numbers.length })
    if (verdict === 'pass') {
      progress.detail(`  ${title} iteration ${iteration} pass`)
      return
    }
    const why = failures.map(({ name, detail }) => `${name}: ${detail}`)[0] ?? reason
    progress.problem(`  ${title} iteration ${iteration} ${verdict}: ${why}`)
    progress.problem(`    ${replay}`)
  }
  const lacks = await lacksForPassthrough()
  for (const { what, remedy } of lacks) {
    progress.line(
      `  ${title}: it is killed at moments, since operations are seen with ${what}: ${remedy}`,
    )
  }
  const kills = { subject, seed, root, numbers, signal }
  const atMoments = () => killsAtMoments(kills, onRecord, ofRun, context.kept.stories)
  const make = async (): Promise<IterationRecord[]> => {
    if (lacks.length > 0) return await atMoments()
    try {
      return await killsAtOperations(kills, onRecord, ofRun, context.kept.stories)
    } catch (error) {
      if (!(error instanceof CannotPlayWhereSeen)) throw error
      const why = `where its operations are seen it can’t be: ${error.message}`
      progress.line(`  ${title}: it is killed at moments, since ${why}`)
      return await atMoments()
    }
  }
  const iterations = recordedIterations(await make())
  progress.now(`${title} controls`)
  const directory = join(context.root, 'controls')
  const controls = await catchAnyControls({ subject, seed, directory, signal })
  for (const each of iterations) context.kept.iterations.push(each)
  return concludeAnyKill(
    iterations,
    controls.map((control) => ({ ...anyControlRecord(control), iterations: control.tries })),
  )
}
