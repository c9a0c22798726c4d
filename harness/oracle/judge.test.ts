import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeSafePoint } from '../../subjects/wal/inspect.ts'
import type { FailureName } from './failure.ts'
import { type Inspection, judge, judgeRot, type Survey } from './judge.ts'
import type { Promised, SeenEntry } from './prefix.ts'

const PROBE = '{"probe":true}'
const SENT = ['{"a":1}', '{"b":2}', '{"c":3}', '{"d":4}']
/** Four sent, three acknowledged. */
const PROMISED: Promised = { sent: SENT, acked: 3 }

function seen(...jsons: string[]): SeenEntry[] {
  return jsons.map((json, index) => ({ seq: String(index + 1), json }))
}

const [A, B, C, D] = seen(...SENT) as [SeenEntry, SeenEntry, SeenEntry, SeenEntry]

/** What the files of our log say. */
const inspection =
  (safeSeq: string | null, bytesBeyond = 0): Inspection =>
  (recovered) =>
    judgeSafePoint({ safeSeq, bytesBeyond }, recovered)

/** What is seen of a subject that recovered `entries` and then did nothing wrong, but for `over`. */
function survey(entries: SeenEntry[], over: Partial<Survey> = {}): Survey {
  const seq = String(entries.length + 1)
  return {
    first: { entries },
    inspection: inspection(String(entries.length)),
    second: { entries },
    filesChanged: [],
    probe: { json: PROBE, seq, after: { entries: [...entries, { seq, json: PROBE }] } },
    ...over,
  }
}

/** A sound recovery of three entries, whose append afterwards left `entries`. */
function probed(seq: string | null, entries: SeenEntry[]): Survey {
  return survey([A, B, C], { probe: { json: PROBE, seq, after: { entries } } })
}

const P: SeenEntry = { seq: '4', json: PROBE }

describe('passes', () => {
  test.each<[string, Promised, Survey]>([
    ['what was acknowledged', PROMISED, survey([A, B, C])],
    ['more than was acknowledged', PROMISED, survey([A, B, C, D])],
    ['nothing of nothing sent', { sent: [], acked: 0 }, survey([])],
    ['nothing of what was never acknowledged', { sent: SENT, acked: 0 }, survey([])],
    [
      'equal entries, each in its place',
      { sent: ['{}', '{}'], acked: 2 },
      survey(seen('{}', '{}')),
    ],
    [
      'a subject whose files nobody else can read',
      PROMISED,
      (({ inspection: _, ...rest }) => rest)(survey([A, B, C])),
    ],
  ])('%s', (_, promised, given) => {
    expect(judge(promised, given)).toEqual([])
  })
})

describe('each thing that can be wrong has its name', () => {
  test.each<[FailureName, string, Survey]>([
    ['acked-lost', 'the last acknowledged entry is gone', survey([A, B])],
    ['acked-lost', 'all entries are gone', survey([])],
    [
      'acked-lost',
      'safe_seq promises more than came back',
      survey([A, B, C], { inspection: inspection('4') }),
    ],
    ['acked-lost', 'the append after recovery is gone', probed('4', [A, B, C])],
    ['acked-lost', 'the append after recovery took another with it', probed('4', [A, B])],

    ['hole', 'the first entry is missing', survey([B, C])],
    ['hole', 'one in the middle is missing', survey([A, C, D])],
    ['hole', 'the entries are in another order', survey([B, A, C])],
    ['hole', 'the append after recovery stands in an older entry’s place', probed('4', [A, B, P])],

    [
      'phantom',
      'an entry that was never sent',
      survey([...seen(...SENT), { seq: '5', json: '{}' }]),
    ],
    ['phantom', 'an entry a second time in another’s place', survey([A, A, C])],
    ['phantom', 'the last entry a second time', survey([A, B, C, D, { ...D, seq: '5' }])],
    [
      'phantom',
      'bytes beyond the safe point',
      survey([A, B, C], { inspection: inspection('3', 12) }),
    ],
    [
      'phantom',
      'more came back than safe_seq says',
      survey([A, B, C], { inspection: inspection('2') }),
    ],
    [
      'phantom',
      'the append after recovery came back twice',
      probed('4', [A, B, C, P, { ...P, seq: '5' }]),
    ],

    ['altered', 'an entry of other content', survey([A, { ...B, json: '{"b":3}' }, C])],
    [
      'altered',
      'an entry of the same content and other bytes',
      survey([{ ...A, json: '{"a":1.0}' }, B, C]),
    ],
    ['altered', 'an entry with another’s seq', survey([A, B, { ...C, seq: '4' }])],
    ['altered', 'seqs counted from 0', survey([A, B, C].map((e, i) => ({ ...e, seq: `${i}` })))],
    [
      'altered',
      'the append after recovery altered an older entry',
      probed('4', [A, B, { ...C, json: '{}' }, P]),
    ],

    [
      'refused',
      'the first recovery refuses',
      survey([], { first: { refused: 'no' }, second: { refused: 'no' }, probe: { refused: 'no' } }),
    ],
    [
      'refused',
      'the append after recovery is refused',
      survey([A, B, C], { probe: { refused: 'no' } }),
    ],
    [
      'refused',
      'the append after recovery makes the next recovery refuse',
      survey([A, B, C], { probe: { json: PROBE, seq: '4', after: { refused: 'no' } } }),
    ],
    ['refused', 'safe_seq cannot be read', survey([A, B, C], { inspection: inspection(null) })],

    [
      'not-idempotent',
      'a second recovery refuses',
      survey([A, B, C], { second: { refused: 'no' } }),
    ],
    [
      'not-idempotent',
      'a second recovery returns fewer',
      survey([A, B, C], { second: { entries: [A, B] } }),
    ],
    [
      'not-idempotent',
      'a second recovery returns others',
      survey([A, B, C], { second: { entries: [A, B, D] } }),
    ],
    [
      'not-idempotent',
      'a second recovery changes a file',
      survey([A, B, C], { filesChanged: ['x'] }),
    ],

    ['wrong-next-seq', 'the next seq is 1 again', probed('1', [A, B, C, P])],
    ['wrong-next-seq', 'the next seq skips one', probed('5', [A, B, C, { ...P, seq: '5' }])],
    ['wrong-next-seq', 'the next seq is one that is taken', probed('3', [A, B, C, P])],
    ['wrong-next-seq', 'the append returns none', probed(null, [A, B, C, P])],
  ])('%s: %s', (name, _, given) => {
    expect(judge(PROMISED, given).map((failure) => failure.name)).toEqual([name])
  })

  test('a failure tells the particulars', () => {
    expect(judge(PROMISED, survey([A, B]))).toEqual([
      { name: 'acked-lost', detail: '3 entries were acknowledged and 2 came back' },
    ])
    expect(judge(PROMISED, survey([A, C, D]))[0]?.detail).toBe(
      'entry 2 is missing: entry 3 stands in its place',
    )
    expect(judge(PROMISED, survey([A, B, C, D, { ...D, seq: '5' }]))[0]?.detail).toBe(
      'entry 4 came back a second time, as entry 5',
    )
    const long = { seq: '5', json: JSON.stringify({ text: 'x'.repeat(1000) }) }
    expect(judge(PROMISED, survey([A, B, C, D, long]))[0]?.detail.length).toBeLessThan(150)
  })

  test('every rule that is broken is named, and not only the first', () => {
    const bad = survey([A, C], {
      inspection: inspection('3'),
      filesChanged: ['telemetry.wal'],
      probe: { refused: 'no' },
    })
    const names = judge(PROMISED, bad).map(({ name }) => name)
    expect(names).toEqual(['hole', 'acked-lost', 'not-idempotent', 'refused'])
  })
})

describe('a rotted entry', () => {
  test.each<[string, Pick<Survey, 'first' | 'filesChanged'>]>([
    ['the subject refuses and changes nothing', { first: { refused: 'no' }, filesChanged: [] }],
    ['the subject had another copy', { first: { entries: [A, B, C] }, filesChanged: ['x'] }],
  ])('passes when %s', (_, given) => {
    expect(judgeRot(PROMISED, given)).toEqual([])
  })

  test.each<[FailureName, string, Pick<Survey, 'first' | 'filesChanged'>]>([
    [
      'not-idempotent',
      'refused and still changed a file',
      { first: { refused: 'no' }, filesChanged: ['x'] },
    ],
    [
      'refused',
      'died over it',
      { first: { refused: 'it ended by SIGBUS', gone: true }, filesChanged: [] },
    ],
    ['acked-lost', 'cut off the log before it', { first: { entries: [A, B] }, filesChanged: [] }],
    ['hole', 'passed over it', { first: { entries: [A, C] }, filesChanged: [] }],
    [
      'altered',
      'returned it as it is',
      { first: { entries: [A, { ...B, json: '\0' }, C] }, filesChanged: [] },
    ],
  ])('fails as %s when the subject %s', (name, _, given) => {
    expect(judgeRot(PROMISED, given).map((failure) => failure.name)).toEqual([name])
  })
})

describe('properties', () => {
  const anySent = fc.uniqueArray(fc.json({ maxDepth: 1 }), { minLength: 1, maxLength: 12 })
  const index = fc.nat()

  test('any prefix of what was sent passes if it is as long as what was acknowledged, and fails if not', () => {
    fc.assert(
      fc.property(anySent, index, index, (sent, a, r) => {
        const acked = a % (sent.length + 1)
        const recovered = r % (sent.length + 1)
        const failures = judge({ sent, acked }, survey(seen(...sent.slice(0, recovered))))
        expect(failures.map(({ name }) => name)).toEqual(recovered >= acked ? [] : ['acked-lost'])
      }),
    )
  })

  test.each<[string, (entries: SeenEntry[], place: number) => SeenEntry[]]>([
    ['dropping', (entries, place) => entries.toSpliced(place, 1)],
    ['repeating', (entries, place) => entries.toSpliced(place, 0, entries[place] as SeenEntry)],
    [
      'altering the content of',
      (entries, place) => entries.with(place, { ...(entries[place] as SeenEntry), json: '{"z' }),
    ],
    [
      'altering the seq of',
      (entries, place) => entries.with(place, { ...(entries[place] as SeenEntry), seq: '99' }),
    ],
  ])('%s any one entry fails, whether it is renumbered or not', (what, damage) => {
    fc.assert(
      fc.property(anySent, index, fc.boolean(), (sent, at, renumbered) => {
        const damaged = damage(seen(...sent), at % sent.length)
        if (what.endsWith('seq of') && renumbered) return
        const entries = renumbered ? seen(...damaged.map(({ json }) => json)) : damaged
        expect(judge({ sent, acked: sent.length }, survey(entries))).not.toEqual([])
      }),
    )
  })

  test('dropping any entry but the last fails, though nothing was acknowledged', () => {
    fc.assert(
      fc.property(anySent, index, (sent, at) => {
        fc.pre(sent.length > 1)
        const kept = sent.toSpliced(at % (sent.length - 1), 1)
        const names = judge({ sent, acked: 0 }, survey(seen(...kept))).map(({ name }) => name)
        expect(names).toEqual(['hole'])
      }),
    )
  })
})
