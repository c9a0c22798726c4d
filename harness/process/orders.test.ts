import { execaSync } from 'execa'
import { expect, test } from 'vitest'
import { CHILD_ENVIRONMENT } from './environment.ts'
import { scriptPath } from './script.ts'

const SAYS_ORDERS = `
  import { writeSync } from 'node:fs'
  import { orders } from ${JSON.stringify(scriptPath('harness/process/orders.js'))}
  for (const line of orders()) writeSync(1, JSON.stringify(line) + '\\n')`

test('orders come line by line, however long they are and wherever a character is cut, until the input ends', () => {
  const lines = ['', 'one', `x${'€'.repeat(100_000)}`, 'last']
  const { stdout } = execaSync(process.execPath, ['--input-type=module', '--eval', SAYS_ORDERS], {
    input: `${lines.join('\n')}\nunfinished`,
    env: CHILD_ENVIRONMENT,
    extendEnv: false,
  })
  expect(stdout.split('\n').map((line) => JSON.parse(line))).toEqual(lines)
})
