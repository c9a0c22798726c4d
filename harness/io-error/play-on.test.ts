import { expect, test } from 'vitest'
import type { Change } from '../subject/change.ts'
import type { Conversation, Question } from '../subject/conversation.ts'
import type { Sequel } from './cases.ts'
import { type PlayedOn, playOn, type Stage } from './play-on.ts'

/** What a subject does when it is asked: success unless said. */
type Answer = 'yes' | 'no' | 'dies' | 'hangs'

interface Fake {
  /** What becomes of the question of that place, counted from 1. */
  answers?: Record<number, Answer>
  /** With which question the error strikes; never unless given. */
  strikesAt?: number
  lasts?: boolean
  endsWhenClosed?: boolean
  sequel?: Sequel
  sessions?: readonly (readonly Change[])[]
}

const change = (entry: string): Change => ({ do: 'append', entry })
const [A, B, C, D, E] = ['a', 'b', 'c', 'd', 'e'].map(change) as [
  Change,
  Change,
  Change,
  Change,
  Change,
]
const ONE_SESSION = [[A, B, C, D, E]]

const wordOf = (question: Question): string =>
  question.do === 'append' ? question.entry : question.do

const BROKEN = {
  dies: { how: 'died', detail: 'it ended with exit code 1' },
  hangs: { how: 'hung', detail: 'it gave no answer in 5 ms' },
} as const

/** Plays a history with a subject that is only made up; `told` is all that happens to it, in order. */
async function play(fake: Fake): Promise<{ told: string; played: PlayedOn }> {
  const { answers = {}, strikesAt, lasts = false, sessions = ONE_SESSION } = fake
  const told: string[] = []
  let asked = 0
  let conversation: Conversation | undefined
  const start = (): Conversation => {
    told.push('start')
    const it = {
      isOpen: true,
      async ask([question]: readonly Question[]) {
        const answer = answers[++asked] ?? 'yes'
        told.push(`${wordOf(question as Question)}${answer === 'yes' ? '' : `:${answer}`}`)
        if (answer === 'yes') return { replies: [{ ok: true }], broke: null }
        if (answer === 'no') return { replies: [{ ok: false, message: 'no' }], broke: null }
        it.isOpen = false
        return { replies: [], broke: BROKEN[answer] }
      },
      async kill() {
        if (it.isOpen) told.push('kill')
        it.isOpen = false
      },
    }
    return it as unknown as Conversation
  }
  const stage: Stage = {
    directory: '/fake',
    patienceMs: 0,
    lasts,
    endsWhenClosed: fake.endsWhenClosed ?? false,
    async talk() {
      if (conversation?.isOpen !== true) conversation = start()
      return conversation
    },
    hasStruck: () => strikesAt !== undefined && asked >= strikesAt,
    lift: () => told.push('lift'),
    async onClosed(history) {
      told.push(`look at ${history.length}`)
    },
  }
  const planned = { round: 1, madeLongAgo: false, sessions: sessions as Change[][] }
  const played = await playOn(stage, planned, fake.sequel ?? 'goes-on')
  return { told: told.join(' '), played }
}

const outcomesOf = ({ history }: PlayedOn): string =>
  history.map(({ outcome }) => (outcome === 'acked' ? 'a' : 'u')).join('')

test('a history that meets no error is asked for from its openings to its closings', async () => {
  const { told, played } = await play({ sessions: [[A, B], [C]] })
  expect(told).toBe('start open a b close open c close')
  expect(played).toMatchObject({ struck: null, before: null, hung: null, closed: true })
  expect(outcomesOf(played)).toBe('aaa')
})

test('it goes on past a refusal, in the living process', async () => {
  const { told, played } = await play({ strikesAt: 3, answers: { 3: 'no' } })
  expect(told).toBe('start open a b:no c d e close')
  expect(played.struck).toEqual({ during: 'append 2', change: 1, sent: 1, refused: 'no' })
  expect(outcomesOf(played)).toBe('auaaa')
  expect(played.closed).toBe(true)
})

test('an error that was answered with success is told as that', async () => {
  const { played } = await play({ strikesAt: 3 })
  expect(played.struck).toEqual({ during: 'append 2', change: 1, sent: 1, refused: null })
  expect(outcomesOf(played)).toBe('aaaaa')
})

test('a subject that refuses twice in a row is closed and opened again', async () => {
  const { told, played } = await play({ strikesAt: 3, answers: { 3: 'no', 4: 'no' } })
  expect(told).toBe('start open a b:no c:no close open d e close')
  expect(played.openings).toEqual([0, 3])
  expect(outcomesOf(played)).toBe('auuaa')
})

test('one success between two refusals is enough not to be reopened', async () => {
  const { told } = await play({ strikesAt: 2, answers: { 2: 'no', 4: 'no', 6: 'no' } })
  expect(told).toBe('start open a:no b c:no d e:no close')
})

test('a process that dies is followed by a new one, and the history goes on', async () => {
  const { told, played } = await play({ strikesAt: 3, answers: { 3: 'dies' } })
  expect(told).toBe('start open a b:dies start open c d e close')
  expect(outcomesOf(played)).toBe('auaaa')
  expect(played).toMatchObject({ before: null, hung: null, closed: true })
  expect(played.struck?.refused).toBe('it ended with exit code 1')
})

test('one that dies as it is closed leaves nothing at rest', async () => {
  const { told, played } = await play({ strikesAt: 7, answers: { 7: 'dies' } })
  expect(told).toBe('start open a b c d e close:dies')
  expect(played.closed).toBe(false)
})

test('an error that lasts is met by the next change, too, and then lifted', async () => {
  const { told } = await play({ lasts: true, strikesAt: 3, answers: { 3: 'no', 4: 'no' } })
  expect(told).toBe('start open a b:no c:no lift d e close')
})

test('a subject is reopened that refuses twice behind an error that lasted', async () => {
  const answers = { 3: 'no', 4: 'no', 5: 'no' } as const
  const { told } = await play({ lasts: true, strikesAt: 2, answers })
  expect(told).toBe('start open a b:no lift c:no d:no close open e close')
})

test('an error that lasts is lifted as soon as an opening is refused under it', async () => {
  const { told } = await play({ lasts: true, strikesAt: 1, answers: { 1: 'no' }, sessions: [[A]] })
  expect(told).toBe('start open:no lift open a close')
})

test('one that an opening got over is met by two changes', async () => {
  const { told } = await play({ lasts: true, strikesAt: 1, sessions: [[A, B, C]] })
  expect(told).toBe('start open a b lift c close')
})

test('an error that lasts is lifted at the end of its session', async () => {
  const { told } = await play({
    lasts: true,
    strikesAt: 3,
    answers: { 3: 'no' },
    sessions: [[A, B], [C]],
  })
  expect(told).toBe('start open a b:no lift close open c close')
})

test('one that only the closing met goes on into the next opening', async () => {
  const { told, played } = await play({
    lasts: true,
    strikesAt: 3,
    answers: { 3: 'no', 4: 'no' },
    sessions: [[A], [B, C]],
  })
  expect(told).toBe('start open a close:no open:no lift open b c close')
  expect(played.struck).toEqual({ during: 'close', change: null, sent: 1, refused: 'no' })
})

test('where the case reopens the subject, it is closed, looked at and opened', async () => {
  const { told, played } = await play({ strikesAt: 3, answers: { 3: 'no' }, sequel: 'reopens' })
  expect(told).toBe('start open a b:no close look at 2 open c d e close')
  expect(outcomesOf(played)).toBe('auaaa')
})

test('an error that lasts is lifted before that', async () => {
  const { told } = await play({ lasts: true, strikesAt: 3, sequel: 'reopens' })
  expect(told).toBe('start open a b lift close look at 2 open c d e close')
})

test('a process is ended before it is looked at, if asked, or where it could not be closed', async () => {
  const given = { strikesAt: 3, sequel: 'reopens' } as const
  const ended = 'start open a b close kill look at 2 start open c d e close'
  expect((await play({ ...given, endsWhenClosed: true })).told).toBe(ended)
  const refused = await play({ ...given, answers: { 4: 'no' } })
  expect(refused.told).toBe(ended.replace('close', 'close:no'))
  const dead = await play({ ...given, answers: { 3: 'dies' } })
  expect(dead.told).toBe('start open a b:dies look at 2 start open c d e close')
})

test('an error that an opening or a closing met reopens nothing by itself', async () => {
  const { told } = await play({ strikesAt: 1, sequel: 'reopens' })
  expect(told).toBe('start open a b c d e close')
})

test('one that hangs ends the play', async () => {
  const { told, played } = await play({ strikesAt: 3, answers: { 3: 'hangs' } })
  expect(told).toBe('start open a b:hangs')
  expect(played).toMatchObject({ hung: 'append 2: it gave no answer in 5 ms', closed: false })
  expect(outcomesOf(played)).toBe('au')
})

test.each([
  ['a change', { 3: 'no' }, 'start open a b:no', 'append 2 was refused: no'],
  ['an opening', { 1: 'no' }, 'start open:no', 'open was refused: no'],
  [
    'a process that dies',
    { 2: 'dies' },
    'start open a:dies',
    'append 1 was refused: it ended with exit code 1',
  ],
] as const)(
  'what is refused before the error ends the play: %s',
  async (_, answers, all, before) => {
    const { told, played } = await play({ strikesAt: 5, answers })
    expect(told).toBe(all)
    expect(played).toMatchObject({ before, struck: null })
  },
)

test('an opening is tried twice by one process, and once by another; then the play is over', async () => {
  const refusing = await play({ strikesAt: 1, answers: { 1: 'no', 2: 'no' } })
  expect(refusing.told).toBe('start open:no open:no kill start open a b c d e close')
  expect(refusing.played.struck).toMatchObject({ during: 'open', change: null, sent: 0 })
  const over = await play({ strikesAt: 1, answers: { 1: 'no', 2: 'no', 3: 'no' } })
  expect(over.told).toBe('start open:no open:no kill start open:no')
  expect(over.played).toMatchObject({ before: null, hung: null, closed: false })
})

test('what stays closed behind a closing that was answered is not at rest', async () => {
  const { played } = await play({
    strikesAt: 4,
    answers: { 4: 'no', 5: 'no', 6: 'no' },
    sessions: [[A], [B]],
  })
  expect(outcomesOf(played)).toBe('a')
  expect(played.closed).toBe(false)
})
