import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { CHILD_ENVIRONMENT } from './environment.ts'
import { scriptPath } from './script.ts'

/** What a child answers that is given `input`, and gives each order back; it blocks for so many orders. */
function answersTo(input: string, blocksFor: number, first = ''): unknown[] {
  const echo = `
    ${first}
    import { answerOrders } from ${JSON.stringify(scriptPath('harness/process/orders.js'))}
    let heard = 0
    const answer = (order) => ++heard % 2 === 1 ? order : Promise.resolve(order)
    await answerOrders(answer, () => heard < ${blocksFor})`
  const { output, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', echo], {
    input,
    env: CHILD_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    maxBuffer: 1e8,
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  const lines = (output[3] ?? '').split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line))
}

test.each([0, 2, 100])(
  'orders are answered line by line, however long and wherever a character is cut, blocking for %d of them',
  (blocksFor) => {
    const orders = [{}, 'one', { text: `x${'€'.repeat(100_000)}` }, null, 'last']
    const lines = orders.map((order) => `${JSON.stringify(order)}\n`)
    expect(answersTo(`${lines.join('')}"unfinished`, blocksFor)).toEqual(orders)
  },
)

test('a child whose subject imports node:process, which opens the standard input, answers all the same', () => {
  const orders = ['one', 'x'.repeat(1_000_000), 'last']
  const lines = orders.map((order) => `${JSON.stringify(order)}\n`).join('')
  expect(answersTo(lines, 100, "import 'node:process'")).toEqual(orders)
})
