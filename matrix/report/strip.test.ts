import { expect, test } from 'vitest'
import { conclude, draftOf } from '../testing/evidence.ts'
import { failingState } from '../testing/failing-state.ts'
import { statesOfDraft } from '../testing/power-cut-states-draft.ts'
import { htmlOf } from './html/element.ts'
import { stripPicture } from './html/strip-picture.ts'
import { stripOfPacked } from './strip.ts'

/** A run in which so many states failed, of which evidence lists the first. */
function draft(failed: number) {
  const made = draftOf({ arch: 'amd64', fileSystem: 'ext4' })
  const problem = failingState(made)
  Object.assign(made.powerCut?.states ?? {}, { failed })
  conclude(made)
  const { powerCut, recordings } = made
  const [kept] = powerCut?.recordings ?? []
  const [packed] = recordings.values()
  if (powerCut === null || kept === undefined || packed === undefined)
    throw new Error('no recording')
  return { powerCut, kept, packed, problem, seen: statesOfDraft(made).recordings[0] }
}

test('of states that evidence only counts, a strip does not say that they passed', () => {
  const { powerCut, kept, packed, problem } = draft(2)
  const strip = stripOfPacked(packed, kept, powerCut, undefined)
  const verdicts = strip.states.map(({ verdict }) => verdict)
  expect(new Set(verdicts)).toEqual(new Set(['fail', null]))
  expect(verdicts.indexOf('fail')).toBe(Number(problem.state.split('.')[1]) - 1)
  const picture = htmlOf(stripPicture(strip, 'x', []))
  expect(picture).toContain('class="untold"')
  expect(picture).toContain('of the others only how many did')
})

test('where it was kept what each showed, every state has its verdict and its outcome', () => {
  const { powerCut, kept, packed, seen } = draft(1)
  const strip = stripOfPacked(packed, kept, powerCut, seen)
  expect(strip.states.map(({ outcome }) => outcome).slice(0, 6)).toEqual([1, 2, 3, 4, 5, 1])
  expect(strip.states.filter(({ verdict }) => verdict === 'fail')).toHaveLength(1)
  expect(strip.states.filter(({ verdict }) => verdict === 'pass')).toHaveLength(kept.tried - 1)
  const picture = htmlOf(stripPicture(strip, 'x', []))
  expect(picture).not.toContain('untold')
  for (const colour of ['o1', 'o3', 'o4', 'o5']) expect(picture).toContain(`class="${colour}"`)
})

test('a state stands where its power was cut, and an acknowledgement where it came', () => {
  const { powerCut, kept, packed } = draft(1)
  const strip = stripOfPacked(packed, kept, powerCut, undefined)
  for (const { at } of strip.states) {
    expect(at).toBeGreaterThanOrEqual(strip.from)
    expect(at).toBeLessThanOrEqual(strip.to)
  }
  const requests = [...strip.writes.map(({ at }) => at), ...strip.flushes].sort((a, b) => a - b)
  expect(requests).toEqual(
    Array.from({ length: strip.to - strip.from }, (_, index) => strip.from + index),
  )
  expect(strip.acknowledged.every((at) => strip.flushes.includes(at - 1))).toBe(true)
})
