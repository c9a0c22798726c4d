import { join } from 'node:path'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import type { Tier, TierOptions, TierProblem, TierResult } from '../tier.ts'
import { inPlace, lacksForPlace } from '../tier-place.ts'
import { catchAnyControls } from './any-controls.ts'
import { meetErrors, type NamedErrorCase } from './campaign.ts'
import { caseInWords, strayInWords } from './cases.ts'

const KEPT_PROBLEMS = 10

function problemOf(result: NamedErrorCase): TierProblem {
  const { name, acked, recovered, failures, reason, sent } = result
  const what = `${caseInWords(result.case)}${strayInWords(result.case, result)}; ${sent} sent`
  return { case: name, what, acked, recovered, failures, notJudged: reason }
}

async function runIn(root: string, options: TierOptions): Promise<TierResult> {
  const { subject, seed, forMs, only, signal, onProgress } = options
  const startedMs = performance.now()
  const controls = await catchAnyControls({ subject, seed, root: join(root, 'controls'), signal })
  const leftMs = Math.max(0, forMs - (performance.now() - startedMs))
  let cases = 0
  const { results, planned } = await meetErrors({
    subject,
    seed,
    root: join(root, 'cases'),
    extent: only === null ? { forMs: leftMs } : { names: [only] },
    signal,
    onResult: () => onProgress(++cases),
  })
  const count = (verdict: NamedErrorCase['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length
  const bad = results.filter(({ verdict }) => verdict !== 'pass')
  const worstFirst = [
    ...bad.filter(({ verdict }) => verdict === 'fail'),
    ...bad.filter(({ verdict }) => verdict !== 'fail'),
  ]
  return {
    cases: results.length,
    of: planned,
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
    distinct: null,
    problems: worstFirst.slice(0, KEPT_PROBLEMS).map(problemOf),
    controls,
    remark: null,
  }
}

/** Has operations of a subject meet errors of a disk, each error at each operation, and looks at what came of it. */
export const describedIoErrorTier: Tier = {
  name: 'io-error',
  title: 'I/O errors',
  async lacks(place) {
    const lacks = await lacksForPassthrough()
    if (lacks.length === 0) return lacksForPlace(place)
    return `it needs ${lacks.map(({ what, remedy }) => `${what} (${remedy})`).join('; and ')}`
  },
  run: (options) => inPlace(options, 'io-error', (root) => runIn(root, options)),
}
