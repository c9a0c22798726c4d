import { describe, expect, test } from 'vitest'
import { type Lie, refusalIn, refusalOf } from './testing/lie.ts'
import { LIES_ABOUT_CONTROLS } from './testing/lies-about-controls.ts'
import { LIES_ABOUT_ERRORS } from './testing/lies-about-errors.ts'
import { LIES_ABOUT_FAULTS } from './testing/lies-about-faults.ts'
import { LIES_ABOUT_KILLS } from './testing/lies-about-kills.ts'
import { LIES_ABOUT_MERGES } from './testing/lies-about-merges.ts'
import { LIES_ABOUT_OTHER_RUNS } from './testing/lies-about-other-runs.ts'
import { LIES_ABOUT_PORTABILITY } from './testing/lies-about-portability.ts'
import { LIES_ABOUT_POWER_CUT_CONTROLS } from './testing/lies-about-power-cut-controls.ts'
import { LIES_ABOUT_POWER_CUTS } from './testing/lies-about-power-cuts.ts'
import { LIES_ABOUT_RECORDINGS } from './testing/lies-about-recordings.ts'
import { LIES_ABOUT_RECORDS } from './testing/lies-about-records.ts'
import { LIES_ABOUT_STATES } from './testing/lies-about-states.ts'
import { LIES_ABOUT_STEPS } from './testing/lies-about-steps.ts'
import { LIES_ABOUT_STORIES, withFailure } from './testing/lies-about-stories.ts'
import { LIES_ABOUT_THE_RUN } from './testing/lies-about-the-run.ts'
import { mergedDraft } from './testing/merged-draft.ts'

/** What is lied about, and what the honest run of each was asked for. */
const TABLES = [
  ['the run', {}, LIES_ABOUT_THE_RUN],
  ['the faults', { iterations: 40 }, LIES_ABOUT_FAULTS],
  ['the iterations', { iterations: 40 }, LIES_ABOUT_KILLS],
  ['the controls', {}, LIES_ABOUT_CONTROLS],
  ['the log’s records', { iterations: 16, seed: 3 }, LIES_ABOUT_RECORDS],
  ['the steps', {}, LIES_ABOUT_STEPS],
  ['portability', {}, LIES_ABOUT_PORTABILITY],
  ['the power cuts', {}, LIES_ABOUT_POWER_CUTS],
  ['the controls of power cuts', {}, LIES_ABOUT_POWER_CUT_CONTROLS],
  ['the recordings', {}, LIES_ABOUT_RECORDINGS],
  ['the states', {}, LIES_ABOUT_STATES],
  ['errors of the disk', {}, LIES_ABOUT_ERRORS],
  ['stories', {}, LIES_ABOUT_STORIES],
] as const

describe.each(TABLES)('a lie about %s, with its sums made anew,', (_, asked, lies) => {
  test.each(lies as Lie[])('is refused: %s', async (_, change, sentence) => {
    expect(await refusalOf(change, asked)).toBe(sentence)
  })
})

test.each(LIES_ABOUT_OTHER_RUNS)(
  'a lie of a run that was asked for %j is refused: %s',
  async (asked, _, change, sentence) => {
    expect(await refusalOf(change, asked)).toBe(sentence)
  },
)

test.each(LIES_ABOUT_MERGES)(
  'a lie of a run that was merged from shards is refused: %s',
  async (_, change, sentence) => {
    expect(await refusalIn(mergedDraft(3), change)).toBe(sentence)
  },
)

test('what failed and is told as it was is no lie, and fails as what it is', async () => {
  expect(await refusalOf(withFailure)).toMatch(/states failed/)
})

test('there are more than 120 lies, and each is refused by a sentence of its own', () => {
  const sentences = [
    ...TABLES.flatMap(([, , lies]) => (lies as Lie[]).map(([, , sentence]) => sentence)),
    ...LIES_ABOUT_OTHER_RUNS.map(([, , , sentence]) => sentence),
    ...LIES_ABOUT_MERGES.map(([, , sentence]) => sentence),
  ]
  expect(sentences.length).toBeGreaterThan(120)
  expect(sentences.filter((each, at) => sentences.indexOf(each) !== at)).toEqual([])
})
