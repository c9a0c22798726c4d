import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { catchControl } from '../../../harness/controls/catch.ts'
import { iterationsAtEveryPoint } from '../../../harness/kill/every-point.ts'
import type { Iteration, IterationResult } from '../../../harness/kill/iteration.ts'
import { iterationsOfPlan } from '../../../harness/kill/iterations-of-plan.ts'
import { Lanes } from '../../../harness/kill/lanes.ts'
import { together } from '../../../harness/process/together.ts'
import { HOME } from '../../../subjects/home.ts'
import { CONTROLS } from '../../../subjects/wal/controls/index.ts'
import { recordedIterations } from '../../evidence/recorded.ts'
import type { ControlRecord } from '../../evidence/types.ts'
import { isInShard } from '../../shard.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { concludeKill } from './conclude.ts'
import { everyPointWorkload } from './every-point-workload.ts'
import { iterationRecord } from './iteration-record.ts'

type Ran = Pick<StepContext['kept'], 'iterations' | 'logRecords'>

async function runSubject(context: StepContext): Promise<Ran> {
  const { seed, subject, signal, runtime, crew, progress, title } = context
  const root = join(context.root, 'kill')
  mkdirSync(root)
  const lanes = new Lanes({ subject, root, home: HOME, signal, runtime, crew })
  let done = 0
  try {
    const all: Iteration[] = context.everyPoint
      ? await iterationsAtEveryPoint(
          everyPointWorkload(seed),
          join(root, 'counting'),
          lanes.traceOptions,
        )
      : iterationsOfPlan(seed, 1, context.iterations)
    const iterations = all.filter(({ iteration }) => isInShard(iteration, context.shard))
    const onResult = (result: IterationResult): void => {
      progress.count(`${title} kill`, ++done, { of: iterations.length })
      if (result.verdict === 'pass') {
        progress.detail(`  ${title} iteration ${result.iteration} pass`)
        return
      }
      const { replay, failures, reason } = iterationRecord(result, context.evidencePath)
      const why = failures.map(({ name, detail }) => `${name}: ${detail}`)[0] ?? reason
      progress.problem(`  ${title} iteration ${result.iteration} ${result.verdict}: ${why}`)
      progress.problem(`    ${replay}`)
    }
    const results = await lanes.runAll(iterations, onResult)
    return {
      iterations: recordedIterations(
        results.map((result) => iterationRecord(result, context.evidencePath)),
      ),
      logRecords: results.flatMap(({ iteration, records }) =>
        records.map((record) => ({ iteration, ...record })),
      ),
    }
  } finally {
    await lanes.stop()
  }
}

async function runControls(context: StepContext): Promise<ControlRecord[]> {
  const { signal, runtime, crew, progress, title } = context
  const root = join(context.root, 'controls')
  mkdirSync(root)
  const options = { root, home: HOME, signal, runtime, crew }
  let done = 0
  return await together(
    crew.size,
    CONTROLS.map((control) => async () => {
      const result = await catchControl(control, options)
      progress.count(`${title} controls`, ++done, { of: CONTROLS.length })
      progress.detail(
        `  ${title} control ${result.name} ${result.caught ? 'caught' : 'not caught'}`,
      )
      return result
    }),
  )
}

/** Makes seeded kills, or a kill at every point; then the controls, which must be caught. */
export async function runKill(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'kill' }>> {
  const { iterations, logRecords } = await runSubject(context)
  const controls = await runControls(context)
  // Only now: a step that could not be made to its end counts no iterations, and tells of none.
  for (const each of iterations) context.kept.iterations.push(each)
  for (const each of logRecords) context.kept.logRecords.push(each)
  return concludeKill(iterations, controls)
}
