import { join } from 'node:path'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import { needsInWords } from '../process/lack.ts'
import { ReduceBudget } from '../story/budget.ts'
import { byCause } from '../story/causes.ts'
import type { Story } from '../story/story.ts'
import type { Tier, TierOptions, TierProblem, TierResult } from '../tier.ts'
import { inPlace, lacksForPlace } from '../tier-place.ts'
import { catchAnyControls } from './any-controls.ts'
import { meetAllErrors } from './meet-all.ts'
import { reduceError } from './reduce.ts'
import { causeOfError, plainestFirst, tellError } from './tell-error.ts'
import type { ToldErrorCase } from './told.ts'

const KEPT_PROBLEMS = 10

function problemOf(
  { name, what, sent, ...result }: ToldErrorCase,
  story: Story | null,
): TierProblem {
  const { acked, recovered, failures, reason } = result
  return {
    case: name,
    what: `${what}; ${sent} sent`,
    acked,
    recovered,
    failures,
    notJudged: reason,
    story,
  }
}

/** One failure of each cause, made as small as there is time for; one that is asked for by its name stays as it is. */
async function toldByCause(
  root: string,
  { subject, seed, only, signal }: TierOptions,
  failed: readonly ToldErrorCase[],
): Promise<TierProblem[]> {
  const causes = byCause(plainestFirst(failed), causeOfError).slice(0, KEPT_PROBLEMS)
  const problems: TierProblem[] = []
  const budget = new ReduceBudget()
  for (const [at, { first, count }] of causes.entries()) {
    const folder = join(root, String(at))
    const smaller =
      only === null
        ? await budget.spend((forMs) =>
            reduceError({ subject, seed, root: folder, forMs, signal }, first),
          )
        : null
    const { told, reduced } = smaller ?? { told: first, reduced: null }
    const story = tellError(subject, told, reduced)
    problems.push(problemOf(told, story && { ...story, count }))
  }
  return problems
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
  const failed = cases.filter(({ verdict }) => verdict === 'fail')
  const notJudged = cases.filter(({ verdict }) => verdict === 'inconclusive')
  const problems = [
    ...(await toldByCause(join(root, 'smaller'), options, failed)),
    ...notJudged.map((told) => problemOf(told, null)),
  ]
  return {
    cases: cases.length,
    of: planned,
    passed: cases.length - failed.length - notJudged.length,
    failed: failed.length,
    inconclusive: notJudged.length,
    distinct: null,
    problems: problems.slice(0, KEPT_PROBLEMS),
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
