import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import type { Tier, TierOptions, TierProblem, TierResult } from '../tier.ts'
import { lacksFor, thisMachine } from '../volume/requirements.ts'
import { createVolume } from '../volume/volume.ts'
import { catchAnyControls } from './any-controls.ts'
import type { MomentResult } from './moment-iteration.ts'
import { killAtMoments } from './moments.ts'

const KEPT_PROBLEMS = 10
/** Large enough for a compaction beside what it compacts. */
const VOLUME_BYTES = 512 * 1024 * 1024

function problemOf({
  iteration,
  moment,
  sent,
  acked,
  recovered,
  failures,
  reason,
}: MomentResult): TierProblem {
  const { afterAcks, delayMicros } = moment
  const what = `killed ${delayMicros} µs after change ${afterAcks + 1} was sent; ${sent} sent`
  return { case: String(iteration), what, acked, recovered, failures, notJudged: reason }
}

async function runIn(root: string, options: TierOptions): Promise<TierResult> {
  const { subject, seed, forMs, only, signal, onProgress } = options
  const controls = await catchAnyControls({
    subject,
    seed,
    directory: join(root, 'control'),
    signal,
  })
  let cases = 0
  const results = await killAtMoments({
    subject,
    seed,
    root,
    extent: only === null ? { forMs } : { numbers: [Number(only)] },
    signal,
    onResult: () => onProgress(++cases),
  })
  const count = (verdict: MomentResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length
  const bad = results.filter(({ verdict }) => verdict !== 'pass')
  return {
    cases: results.length,
    passed: count('pass'),
    failed: count('fail'),
    inconclusive: count('inconclusive'),
    distinct: null,
    problems: bad.slice(0, KEPT_PROBLEMS).map(problemOf),
    controls,
  }
}

/** Kills a subject at moments of the plan's, in a volume of its own or in a folder. */
export const killAtMomentTier: Tier = {
  name: 'kill',
  title: 'SIGKILL at moments',
  async lacks(place) {
    if ('folder' in place) return null
    const lacks = lacksFor(place.fileSystem, thisMachine(CHILD_ENVIRONMENT.PATH ?? ''))
    if (lacks.length === 0) return null
    return `it needs ${lacks.map(({ what, remedy }) => `${what} (${remedy})`).join('; and ')}`
  },
  async run(options) {
    const { place, signal } = options
    if ('folder' in place) {
      const root = join(place.folder, 'kill')
      mkdirSync(root)
      try {
        return await runIn(root, options)
      } finally {
        rmSync(root, { recursive: true, force: true })
      }
    }
    const volume = await createVolume({
      fileSystem: place.fileSystem,
      sizeBytes: VOLUME_BYTES,
      signal,
    })
    try {
      return await runIn(volume.mountPoint, options)
    } finally {
      await volume.remove()
    }
  },
}
