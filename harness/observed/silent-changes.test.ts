import { expect, test } from 'vitest'
import { silentChanges } from './silent-changes.ts'

const answer = (during: string, until: number) => ({ during, until })
const operation = (n: number, kind: 'write' | 'read' = 'write') => ({ n, kind })

test('a change with nothing behind it since the last answer is silent, and an opening is none', () => {
  const answers = [answer('open', 1), answer('put 1', 2), answer('put 2', 2), answer('close', 2)]
  const operations = [operation(1), operation(2)]
  expect(silentChanges(answers, operations)).toEqual({ changes: 2, silent: 1 })
})

test('what is read keeps nothing', () => {
  const answers = [answer('open', 0), answer('put 1', 1), answer('put 2', 3)]
  const operations = [operation(1, 'read'), operation(2, 'read'), operation(3)]
  expect(silentChanges(answers, operations)).toEqual({ changes: 2, silent: 1 })
})
