import { expect, test } from 'vitest'
import { type ErrorCaseResult, MET_NOTHING, UNTRIED } from './case-result.ts'
import { makeSurely } from './make-surely.ts'

const PASS: ErrorCaseResult = { ...UNTRIED, delivered: true, verdict: 'pass' }
const FAIL: ErrorCaseResult = {
  ...PASS,
  verdict: 'fail',
  failures: [
    { name: 'destroyed', detail: 'all' },
    { name: 'refused', detail: 'open' },
  ],
}
const FAIL_OTHERWISE: ErrorCaseResult = { ...FAIL, failures: [{ name: 'hole', detail: 'one' }] }
const NOTHING: ErrorCaseResult = { ...UNTRIED, reason: MET_NOTHING }

/** Makes a case that comes out so each time; what came of it, whether each was made anew, and whether processes are kept. */
async function make(outcomes: readonly ErrorCaseResult[], isKept = true) {
  const anew: boolean[] = []
  const keeping = { isKept }
  const once = async (isNew: boolean): Promise<ErrorCaseResult> => {
    anew.push(isNew)
    return outcomes[anew.length - 1] as ErrorCaseResult
  }
  return { result: await makeSurely(once, keeping), anew, isKept: keeping.isKept }
}

test('what passes is made once', async () => {
  expect(await make([PASS])).toEqual({ result: PASS, anew: [false], isKept: true })
})

test('a failure is told once it was made again from nothing, with what both show', async () => {
  const again = { ...FAIL, failures: FAIL.failures.slice(0, 1) }
  const { result, anew } = await make([FAIL, again])
  expect(result).toMatchObject({ ...again, confirmation: { agreed: true } })
  expect(anew).toEqual([false, true])
})

test('what only kept processes show is of our making, and none is kept any more', async () => {
  expect(await make([FAIL, PASS, PASS])).toEqual({
    result: PASS,
    anew: [false, true, true],
    isKept: false,
  })
})

test.each([
  ['by kept processes', [FAIL, PASS, FAIL], true],
  ['by new ones', [FAIL, PASS], false],
  ['by another failure', [FAIL, FAIL_OTHERWISE], true],
])('what comes out differently %s is inconclusive', async (_, outcomes, isKept) => {
  const { result } = await make(outcomes, isKept)
  expect(result).toMatchObject({ verdict: 'inconclusive', failures: [] })
  expect(result.reason).toContain('it came out differently')
})

test('a case whose error met nothing is tried again, three times at most', async () => {
  expect(await make([NOTHING, NOTHING, PASS])).toMatchObject({ result: PASS })
  expect(await make([NOTHING, NOTHING, NOTHING])).toMatchObject({
    result: { verdict: 'inconclusive', reason: MET_NOTHING },
    anew: [false, true, true],
  })
})
