import { expect, test } from 'vitest'
import { together } from './together.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what they give comes in their own order, whoever is done first', async () => {
  const works = [3, 1, 2].map((turns) => async () => {
    for (let i = 0; i < turns; i++) await turn()
    return turns
  })
  expect(await together(3, works)).toEqual([3, 1, 2])
})

test('no more run at once than are allowed', async () => {
  let now = 0
  let most = 0
  const work = async (): Promise<void> => {
    most = Math.max(most, ++now)
    await turn()
    now--
  }
  await together(2, [work, work, work, work, work])
  expect(most).toBe(2)
})

test('after an error none is begun, and it is thrown when none runs any more', async () => {
  const log: string[] = []
  const works = [
    async () => {
      throw new Error('the first')
    },
    async () => {
      await turn()
      await turn()
      log.push('the second has ended')
    },
    async () => void log.push('the third was begun'),
  ]
  await expect(together(2, works)).rejects.toThrow('the first')
  expect(log).toEqual(['the second has ended'])
})
