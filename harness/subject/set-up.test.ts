import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { check, sentence } from '../testing/checked.ts'
import { LINES_LOG, withMore } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'

test.each([
  [
    ['sh', '-c', 'echo no such table >&2; exit 4'],
    'its setup: it ended with exit code 4: no such table',
  ],
  [['sh', '-c', 'sleep 600 &'], 'its setup: it left 1 of its processes running'],
  [
    ['sh', '-c', 'cd /; env -i setsid sleep 600 >&- 2>&- <&- &'],
    'its setup: it left 1 of its processes running',
  ],
  [['no-such-program'], /^its setup: it could not be started: .*ENOENT/],
] as const)('a setup that is %j breaks a rule', async (setup, told) => {
  expect(await sentence(withMore(LINES_LOG, { setup }))).toMatch(told)
})

test('a setup prepares each new directory', async () => {
  const setup = ['sh', '-c', 'touch "$1/prepared"', 'setup'] as const
  const scratch = temporaryDirectory()
  expect(await check(withMore(LINES_LOG, { setup }), scratch)).toMatchObject({ kept: true })
  expect(existsSync(join(scratch, 'subject', 'prepared'))).toBe(true)
  expect(existsSync(join(scratch, 'beside', 'prepared'))).toBe(true)
})
