import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { catchAnyControls } from '../../../../harness/kill/any-controls.ts'
import type { MomentResult } from '../../../../harness/kill/moment-iteration.ts'
import { killAtMoments } from '../../../../harness/kill/moments.ts'
import { recordedIterations } from '../../../evidence/recorded.ts'
import { isInShard } from '../../../shard.ts'
import { anyControlRecord } from '../../any-control-record.ts'
import { describedOf, type StepContext, type StepOutcome } from '../../row.ts'
import { concludeKillAtMoments } from '../conclude.ts'
import { momentRecord } from './moment-record.ts'

/** Kills any subject at moments of the plan's; then its controls, which must be caught. */
export async function runKillAtMoments(
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
  const onResult = (result: MomentResult): void => {
    progress.now(`${title} kill ${++done}/${numbers.length}`)
    if (result.verdict === 'pass') return
    const { replay, failures, reason } = momentRecord(result, ofRun)
    const why = failures.map(({ name, detail }) => `${name}: ${detail}`)[0] ?? reason
    progress.line(`  ${title} iteration ${result.iteration} ${result.verdict}: ${why}`)
    progress.line(`    ${replay}`)
  }
  const extent = { numbers }
  const results = await killAtMoments({ subject, seed, root, extent, signal, onResult })
  progress.now(`${title} controls`)
  const directory = join(context.root, 'controls')
  const controls = await catchAnyControls({ subject, seed, directory, signal })
  const iterations = recordedIterations(results.map((result) => momentRecord(result, ofRun)))
  for (const each of iterations) context.kept.iterations.push(each)
  return concludeKillAtMoments(
    iterations,
    controls.map((control) => ({ ...anyControlRecord(control), iterations: control.tries })),
  )
}
