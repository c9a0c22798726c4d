import { expect, test } from 'vitest'
import { smallerParts, smallestPart } from './smaller-parts.ts'

const inWords = (...given: Parameters<typeof smallerParts>): string =>
  smallerParts(...given)
    .map(({ from, to }) => `${from}-${to}`)
    .join(' ')

test('smaller parts end where the failure was, or are the beginning', () => {
  expect(inWords(4, 4)).toBe('4-4 1-1 3-4 1-2 2-4 1-3')
  expect(inWords(2, 1)).toBe('1-1')
  expect(inWords(1, 1)).toBe('')
})

test('where what comes behind matters it is among them', () => {
  expect(inWords(10, 3, 1)).toBe('3-3 1-1 2-3 3-4 1-2 1-3 2-4 1-5 1-8')
})

test('the smallest part that fails is made smaller as long as it fails', async () => {
  const tried: string[] = []
  const fails = (parts: string, needs: number) =>
    smallestPart(
      parts.split(' ').map((part) => {
        const [from, to] = part.split('-').map(Number) as [number, number]
        return { from, to }
      }),
      async ({ from, to }) => {
        tried.push(`${from}-${to}`)
        return from <= needs && needs <= to ? `${from}-${to}` : null
      },
      () => tried.length > 8,
    )
  expect(await fails('9-9 1-1 1-5', 4)).toBe('4-4')
  expect(tried.join(' ')).toBe('9-9 1-1 1-5 2-5 3-5 4-5 5-5 4-4')
  expect(await fails('1-1', 1)).toBe('1-1')
  expect(await fails('1-1', 1)).toBe(null)
})
