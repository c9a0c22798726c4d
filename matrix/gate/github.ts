import { plainLine, shown } from '../../harness/text/shown.ts'
import { plainStory } from '../report/words.ts'
import { cellName } from '../text/cell-name.ts'
import type { GateDecision, PlacedRun } from './decision.ts'
import { type StoriesByCell, storiesByCell } from './stories.ts'
import { summaryOf } from './summary.ts'

type Core = typeof import('../bundled/github.ts')

const REASON_CHARS = 1000

/** So many stories stand in an annotation, which is read beside code. */
const TOLD_STORIES = 2

function annotateAll(
  core: Core,
  decision: GateDecision,
  advisory: boolean,
  stories: StoriesByCell,
): void {
  for (const { cell, result, reason, replays } of decision.cells) {
    const said = shown(reason, REASON_CHARS)
    const told = (stories.get(cell) ?? []).slice(0, TOLD_STORIES).flatMap(plainStory)
    const text = [said, ...told, ...replays.map(plainLine)].join('\n')
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
  runs: readonly PlacedRun[],
): Promise<void> {
  if (process.env.GITHUB_ACTIONS !== 'true') return
  const stories = storiesByCell(runs)
  // It brings an HTTP client, for which nobody else here has any use.
  const core = await import('../bundled/github.ts')
  if (annotate) annotateAll(core, decision, advisory, stories)
  if (process.env.GITHUB_STEP_SUMMARY === undefined) return
  await core.summary.addRaw(summaryOf(decision, advisory, stories)).write()
}
