import { expect, test } from 'vitest'
import type { Conversation, Question } from '../subject/conversation.ts'
import { playOn } from './play-on.ts'

const CHANGES = ['one', 'two', 'three', 'four', 'five'].map((entry) => ({
  do: 'append' as const,
  entry,
}))

/** What a subject is asked whose changes are refused from the second one on, so often; the error lasts until lifted. */
async function askedOf(refusals: number, lasts: boolean): Promise<string[]> {
  const asked: string[] = []
  let refused = 0
  let isOn = true
  const conversation = {
    ask([question]: Question[]) {
      asked.push(question?.do === 'append' ? question.entry : (question?.do ?? ''))
      const isRefused = asked.length > 2 && question?.do === 'append' && refused < refusals
      if (isRefused) refused += 1
      const reply = isRefused ? { id: 1, ok: false, message: 'no' } : { id: 1, ok: true }
      return Promise.resolve({ replies: [reply], broke: null })
    },
    kill: () => Promise.resolve(),
  } as unknown as Conversation
  const stage = {
    directory: '/',
    talk: () => Promise.resolve(conversation),
    hasStruck: () => refused > 0,
    lasts,
    lift() {
      asked.push('lift')
      isOn = false
    },
    endsWhenClosed: false,
    patienceMs: 0,
  }
  await playOn(stage, { round: 1, madeLongAgo: false, sessions: [CHANGES] }, 'goes-on')
  expect(isOn).toBe(!lasts)
  return asked
}

test('what is refused while the error lasts does not close the subject: a change behind it meets what the error left', async () => {
  const asked = ['open', 'one', 'two', 'three', 'lift', 'four', 'five', 'close']
  expect(await askedOf(2, true)).toEqual(asked)
})

test('a subject that refuses twice with the error over is closed and opened again', async () => {
  const lasting = ['open', 'one', 'two', 'three', 'lift', 'four', 'five', 'close']
  expect(await askedOf(4, true)).toEqual(lasting)
  const once = ['open', 'one', 'two', 'three', 'four', 'close', 'open', 'five', 'close']
  expect(await askedOf(3, false)).toEqual(once)
})
