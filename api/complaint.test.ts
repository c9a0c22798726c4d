import { expect, test } from 'vitest'
import { complaintIn, errorOf } from './complaint.ts'
import { CannotMeasure, CrashTestError } from './errors.ts'

const CALLED = { subject: './log.js', checkLine: 'npx pullplug check ./log.js' }
const ended = (exitCode: number | undefined, stderr: string, signal?: string) =>
  errorOf({ exitCode, signal, stdout: '', stderr }, CALLED)

test('what was complained of is told apart from progress and from what to do about it', () => {
  expect(
    complaintIn('log: seed 1\npullplug: /dev/fuse is missing\n  Run `modprobe fuse`.\n'),
  ).toEqual({ message: '/dev/fuse is missing', remedy: 'Run `modprobe fuse`.' })
  expect(complaintIn('pullplug: a has 2 mistakes:\n  one\n  two\n  See the page.')).toEqual({
    message: 'a has 2 mistakes:\n  one\n  two',
    remedy: 'See the page.',
  })
  expect(complaintIn('')).toEqual({ message: 'it said nothing', remedy: null })
})

test('a broken contract is the subject’s failure, with the line that tells more', () => {
  const error = ended(1, 'pullplug: it breaks the contract: read: none\n  Run `pullplug check`.')
  expect(error).toBeInstanceOf(CrashTestError)
  expect(error).toMatchObject({ replay: CALLED.checkLine })
  expect(error.message).toBe(
    'crash test of ./log.js: it breaks the contract: read: none\n  again  npx pullplug check ./log.js',
  )
})

test.each([
  [3, undefined, 'missing'],
  [4, undefined, 'broken'],
  [undefined, 'SIGKILL', 'broken'],
])('exit code %s says nothing about the subject', (code, signal, why) => {
  const error = ended(code, 'pullplug: no room\n  Free some.', signal)
  expect(error).toBeInstanceOf(CannotMeasure)
  expect(error).toMatchObject({ why, remedy: 'Free some.' })
})

test('a wrong description is a TypeError', () => {
  const error = ended(64, 'pullplug: "kind" must be one of log, store and file\n  See the page.')
  expect(error).toBeInstanceOf(TypeError)
  expect(error.message).toBe(
    'crashTest: "kind" must be one of log, store and file\n  See the page.',
  )
})
