import { expect, test } from 'vitest'
import { evaluate, fillIn, isDue } from './expression.ts'

const going = { failed: false }
const contexts = {
  inputs: { seed: '', iterations: '4', advisory: true },
  matrix: { arch: 'arm64', status: 'gated', emulated: false },
  strategy: { 'job-index': 3 },
  needs: { cells: { result: 'success', outputs: { cells: '[{"arch":"amd64"}]' } } },
}

test.each([
  ["inputs.iterations || '200'", '4'],
  ["inputs.seed || '7'", '7'],
  ["inputs.advisory && 'yes' || ''", 'yes'],
  ["matrix.status != 'gated'", false],
  ["!cancelled() && needs.cells.result == 'success'", true],
  ['!(matrix.emulated)', true],
  ['strategy.job-index', 3],
  ['fromJSON(needs.cells.outputs.cells)', [{ arch: 'amd64' }]],
  ["'it''s'", "it's"],
  ['true', true],
  ['12', 12],
])('%s', (expression, value) => {
  expect(evaluate(expression, contexts, going)).toEqual(value)
})

test.each([
  "contains(matrix.arch, 'a')",
  'matrix.arch matrix.arch',
  'matrix.*.name',
  'failure()',
  '(matrix.arch',
  'matrix.arch ||',
  '',
])('%j is refused', (expression) => {
  expect(() => evaluate(expression, contexts, going)).toThrow('does not know the expression')
})

test('a name that stands for nothing is refused', () => {
  expect(() => evaluate('matrix.os', contexts, going)).toThrow('matrix.os is nothing')
})

test('a text is filled in, and an expression alone keeps its type', () => {
  expect(fillIn('cell-${{ matrix.arch }}-${{ strategy.job-index }}', contexts, going)).toBe(
    'cell-arm64-3',
  )
  expect(fillIn('${{ inputs.advisory }}', contexts, going)).toBe(true)
  expect(fillIn(5, contexts, going)).toBe(5)
})

test.each([
  [undefined, true, false],
  ['${{ always() }}', true, true],
  ['${{ !cancelled() }}', true, true],
  ['${{ inputs.advisory }}', true, false],
  ['${{ matrix.emulated }}', false, false],
])('a step with if: %s is due before (%s) and after (%s) a failure', (condition, before, after) => {
  expect(isDue(condition, contexts, going)).toBe(before)
  expect(isDue(condition, contexts, { failed: true })).toBe(after)
})
