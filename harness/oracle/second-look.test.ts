import { expect, test } from 'vitest'
import type { Failure } from './failure.ts'
import { confirmationsOf, judgeLooks, type Look, sumOfConfirmations } from './second-look.ts'

const LOST: Failure = { name: 'acked-lost', detail: '5 entries were acknowledged and 0 came back' }
const HOLE: Failure = { name: 'hole', detail: 'entry 2 is missing' }
const DIED: Failure = { name: 'refused', detail: 'the recoverer ended by SIGBUS: ' }

function look(by: string, over: Partial<Look> = {}): Look {
  return { by, failures: [], gone: false, notJudged: null, ...over }
}

test('what every look found is the failure, as the first look told it', () => {
  const first = look('one', { failures: [LOST, HOLE] })
  const second = look('two', { failures: [{ ...LOST, detail: 'otherwise' }, HOLE] })
  const third = look('three', { failures: [LOST] })
  expect(judgeLooks(first, [second])).toEqual({ failures: [LOST, HOLE] })
  expect(judgeLooks(first, [second, third])).toEqual({ failures: [LOST] })
})

test('a process that died in every look is told as one that did so twice', () => {
  const first = look('one', { failures: [DIED], gone: true })
  const hung = { ...DIED, detail: 'the recoverer gave no answer in 9 ms' }
  const second = look('two', { failures: [hung], gone: true })
  expect(judgeLooks(first, [second])).toEqual({
    failures: [{ name: 'refused', detail: 'twice, the recoverer ended by SIGBUS: ' }],
  })
})

test('without another look nothing is a failure', () => {
  expect(judgeLooks(look('one', { failures: [LOST] }), [])).toEqual({
    disagreement: `the looks at it disagree: one found acked-lost: ${LOST.detail}`,
  })
})

test.each<[string, Look, string]>([
  ['found nothing wrong', look('two'), 'two found nothing wrong'],
  ['found something else', look('two', { failures: [HOLE] }), `two found hole: ${HOLE.detail}`],
  ['could not judge', look('two', { notJudged: 'EBADMSG' }), 'two could not judge: EBADMSG'],
])('a second look that %s disagrees, and both are told', (_, second, told) => {
  expect(judgeLooks(look('one', { failures: [LOST] }), [second])).toEqual({
    disagreement: `the looks at it disagree: one found acked-lost: ${LOST.detail}; ${told}`,
  })
})

test('one look that refused and another whose process died do not agree', () => {
  const refused = look('one', { failures: [{ name: 'refused', detail: 'EMPTYLOG' }] })
  const died = look('two', { failures: [DIED], gone: true })
  expect(judgeLooks(refused, [died])).toHaveProperty('disagreement')
  expect(judgeLooks(died, [refused])).toHaveProperty('disagreement')
})

test('second looks are counted, and what was not due counts nothing', () => {
  const each = [null, { agreed: true, durationMs: 3 }, { agreed: false, durationMs: 4 }]
  const counts = each.map((confirmation) => confirmationsOf({ confirmation }))
  expect(sumOfConfirmations(counts)).toEqual({ taken: 2, agreed: 1, durationMs: 7 })
  expect(sumOfConfirmations([])).toEqual({ taken: 0, agreed: 0, durationMs: 0 })
})
