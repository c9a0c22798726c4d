import { expect, test } from 'vitest'
import { parseStat, statOf } from './stat.ts'

const SHORT = '1 4242 4242 0 -1 4194560 500 0 0 0 3 1 0 0 20 0 11 0 987654 1 2 3'
const REST = `${SHORT} 4 5 6 7 8 0 0`

test.each(['node', 'a b', ')', 'x) R 9 (y', '((', 'line\nbreak'])('a process named %j', (name) => {
  const stat = parseStat(`4242 (${name}) S ${REST}`)
  expect(stat).toEqual({ state: 'S', parentPid: 1, startTicks: 987654, killed: false })
})

test.each([
  [`${SHORT} 4 5 6 7 8 256 0`, true],
  [`${SHORT} 4 5 6 7 8 16640 0`, true],
  [`${SHORT} 4 5 6 7 8 16384 0`, false],
  [SHORT, false],
])('SIGKILL is among the pending signals of %j: %j', (rest, killed) => {
  expect(parseStat(`4242 (node) D ${rest}`)).toMatchObject({ state: 'D', killed })
})

test('a process that is exiting is on its way out, whatever signals it waits for', () => {
  const exiting = REST.replace('4194560', '4194564')
  expect(parseStat(`4242 (node) R ${exiting}`)).toMatchObject({ killed: true })
})

test.each(['', '4242', '4242 (node)', '4242 (node) S 1 2 3', `4242 node S ${REST}`, `xS ${REST}`])(
  '%j is no process',
  (text) => {
    expect(parseStat(text)).toBeNull()
  },
)

test.skipIf(process.platform !== 'linux')('this process has a parent, and another one none', () => {
  expect(statOf(process.pid)?.parentPid).toBe(process.ppid)
  expect(statOf(2 ** 31 - 1)).toBeNull()
})
