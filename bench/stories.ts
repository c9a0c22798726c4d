import { describedIoErrorTier } from '../harness/io-error/described-tier.ts'
import { describedKillTier } from '../harness/kill/described-tier.ts'
import { CannotJudge } from '../harness/oracle/cannot-judge.ts'
import { describedPowerCutTier } from '../harness/power-cut/described-tier.ts'
import { lacksForPowerCuts } from '../harness/power-cut/requirements.ts'
import type { Story } from '../harness/story/story.ts'
import type { Tier } from '../harness/tier.ts'
import { CONTROLS, POWER_CUT_CONTROLS } from '../subjects/wal/controls/index.ts'
import { IO_ERROR_CONTROLS } from '../subjects/wal/controls/io-error.ts'
import { describedLog } from '../subjects/wal/described.ts'
import type { BenchResult } from './result.ts'

const SEED = 1
/** Of each control and tier, before its failures are made smaller. */
const FOR_MS = 4000

type Size = NonNullable<Story['reduced']>['to']

/** Of each tier, the controls that it must catch. */
const CAUGHT_BY: readonly (readonly [Tier, readonly string[]])[] = [
  [
    describedKillTier,
    CONTROLS.filter(({ unseenBecause }) => unseenBecause === undefined).map(
      (each) => each.subject.name,
    ),
  ],
  [
    describedPowerCutTier,
    POWER_CUT_CONTROLS.filter(({ unseenByPowerCut }) => unseenByPowerCut?.ext4 === undefined).map(
      (each) => each.subject.name,
    ),
  ],
  [describedIoErrorTier, IO_ERROR_CONTROLS.map(({ control }) => control.subject.name)],
]

/** The stories that a tier tells of a control; none where that can't be judged. */
async function storiesOf(tier: Tier, control: string): Promise<Story[]> {
  try {
    const { problems } = await tier.run({
      subject: describedLog(control),
      place: { fileSystem: 'ext4' },
      seed: SEED,
      forMs: FOR_MS,
      only: null,
      everyPoint: false,
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    return problems.flatMap(({ story }) => story ?? [])
  } catch (error) {
    if (!(error instanceof CannotJudge)) throw error
    return []
  }
}

/** How many changes a story tells of, and how many writes or operations its fault took. */
function sizeOf({ asked, events, reduced, tier }: Story): Size {
  if (reduced !== null) return reduced.to
  const lost = events.filter(({ became }) => became === 'lost' || became === 'torn').length
  return { changes: asked.length, lost: tier === 'power-cut' ? lost : 1 }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
}

const mediansOf = (sizes: readonly Size[]): Size => ({
  changes: median(sizes.map(({ changes }) => changes)),
  lost: median(sizes.map(({ lost }) => lost)),
})

const inWords = ({ changes, lost }: Size): string => `${changes} changes and ${lost} losses`

/** How small the stories are that are told of the log's controls on ext4; nothing where that can't be done. */
export async function benchStories(): Promise<BenchResult[]> {
  if ((await lacksForPowerCuts('ext4')).length > 0) return []
  const results: BenchResult[] = []
  for (const [tier, controls] of CAUGHT_BY) {
    const told: Story[] = []
    let caught = 0
    for (const control of controls) {
      const stories = await storiesOf(tier, control)
      if (stories.length > 0) caught += 1
      told.push(...stories)
    }
    const to = mediansOf(told.map(sizeOf))
    const from = mediansOf(told.map((story) => story.reduced?.from ?? sizeOf(story)))
    results.push({
      what: `median of the stories of the controls of ${tier.name}`,
      figure: inWords(to),
      baseline: `as found: ${inWords(from)}`,
      ratio: 2 / Math.max(to.changes, to.lost),
      wanted: 1,
      note: `${told.length} stories of ${caught} of ${controls.length} controls`,
    })
  }
  return results
}
