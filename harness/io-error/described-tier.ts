import { join } from 'node:path'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import { needsInWords } from '../process/lack.ts'
import type { Tier, TierOptions, TierProblem, TierResult } from '../tier.ts'
import { inPlace, lacksForPlace } from '../tier-place.ts'
import { catchAnyControls } from './any-controls.ts'
import { meetAllErrors } from './meet-all.ts'
import { type ToldErrorCase, worstFirst } from './told.ts'

const KEPT_PROBLEMS = 10

function problemOf({ name, what, sent, ...result }: ToldErrorCase): TierProblem {
  const { acked, recovered, failures, reason } = result
  return {
    case: name,
    what: `${what}; ${sent} sent`,
    acked,
    recovered,
    failures,
    notJudged: reason,
  }
}

async function runIn(root: string, options: TierOptions): Promise<TierResult> {
  const { subject, seed, forMs, only, signal, onProgress } = options
  const startedMs = performance.now()
  const controls = await catchAnyControls({ subject, seed, root: join(root, 'controls'), signal })
  const leftMs = Math.max(0, forMs - (performance.now() - startedMs))
  let made = 0
  const { cases, planned } = await meetAllErrors({
    subject,
    seed,
    root: join(root, 'cases'),
    fileSystem: 'folder' in options.place ? null : options.place.fileSystem,
    extent: only === null ? { forMs: leftMs } : { names: [only] },
    signal,
    isEnough: options.isEnough,
    onCase: ({ name, what, verdict }) => {
      onProgress(++made)
      options.onCase?.({ case: name, what, verdict })
    },
  })
  const count = (verdict: ToldErrorCase['verdict']): number =>
    cases.filter((result) => result.verdict === verdict).length
  const bad = cases.filter(({ verdict }) => verdict !== 'pass')
  return {
    cases: cases.length,
    of: planned,
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
    distinct: null,
    problems: worstFirst(bad).slice(0, KEPT_PROBLEMS).map(problemOf),
    controls,
    remark: null,
  }
}

/** Has operations of a subject meet errors of a disk, each error at each operation, and looks at what came of it. */
export const describedIoErrorTier: Tier = {
  name: 'io-error',
  title: 'I/O errors',
  async lacks(place) {
    return needsInWords(await lacksForPassthrough()) ?? lacksForPlace(place)
  },
  run: (options) => inPlace(options, 'io-error', (root) => runIn(root, options)),
}
