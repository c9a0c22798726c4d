import { plainLine, shown } from '../../harness/text/shown.ts'
import { cellName } from '../text/cell-name.ts'
import type { GateDecision } from './decision.ts'
import { summaryOf } from './summary.ts'

type Core = typeof import('@actions/core')

const REASON_CHARS = 1000

function annotateAll(core: Core, decision: GateDecision, advisory: boolean): void {
  for (const { cell, result, reason, replays } of decision.cells) {
    const said = shown(reason, REASON_CHARS)
    const text = [said, ...replays.map(plainLine)].join('\n')
    if (result === 'fail' && !advisory) core.error(text, { title: `pullplug ${cellName(cell)}` })
    else if (result === 'fail' || result === 'warn')
      core.warning(text, { title: `pullplug ${cellName(cell)}` })
  }
  for (const problem of decision.problems)
    core.error(shown(problem, REASON_CHARS), { title: 'pullplug evidence' })
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
  // It brings an HTTP client, for which nobody else here has any use.
  const core = await import('@actions/core')
  if (annotate) annotateAll(core, decision, advisory)
  if (process.env.GITHUB_STEP_SUMMARY === undefined) return
  await core.summary.addRaw(summaryOf(decision, advisory)).write()
}
