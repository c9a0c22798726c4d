import * as core from '@actions/core'
import type { GateDecision } from './decision.ts'
import { summaryOf } from './summary.ts'

function annotateAll(decision: GateDecision, advisory: boolean): void {
  for (const { cell, result, reason, replay } of decision.cells) {
    const text = replay === null ? reason : `${reason}\n${replay}`
    if (result === 'fail' && !advisory) core.error(text, { title: `pullplug ${cell}` })
    else if (result === 'fail' || result === 'warn')
      core.warning(text, { title: `pullplug ${cell}` })
  }
  for (const problem of decision.problems) core.error(problem, { title: 'pullplug evidence' })
}

/**
 * Annotations, and where there is one a step summary, for a decision made in GitHub Actions; elsewhere
 * it does nothing. Annotations are lines on stdout, so a caller that prints JSON there has to do
 * without (`annotate`).
 */
export async function tellGitHub(
  decision: GateDecision,
  advisory: boolean,
  annotate: boolean,
): Promise<void> {
  if (process.env.GITHUB_ACTIONS !== 'true') return
  if (annotate) annotateAll(decision, advisory)
  if (process.env.GITHUB_STEP_SUMMARY === undefined) return
  await core.summary.addRaw(summaryOf(decision, advisory)).write()
}
