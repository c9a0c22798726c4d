import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { PROMISES } from '../oracle/promises/index.ts'
import { ASYNC_FILE, LINES_LOG, PYTHON_STORE } from '../testing/described.ts'

function schemaNamed(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true })
  addFormats.default(ajv)
  const path = join(import.meta.dirname, '../../schemas', `${name}.schema.json`)
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')))
}

const { module, ...neither } = LINES_LOG.description as { module: string }

test.each([
  ['a module', LINES_LOG.description, true],
  ['an async module', ASYNC_FILE.description, true],
  ['a command', PYTHON_STORE.description, true],
  ['neither a module nor a command', neither, false],
  ['both a module and a command', { ...neither, module, command: ['x'] }, false],
  ['a word that is not known', { ...LINES_LOG.description, promise: 'durable' }, false],
  ['no promise for a power cut', { ...LINES_LOG.description, promises: { kill: 'each' } }, false],
])('the schema of descriptions takes %s as it should', (_, description, valid) => {
  expect(schemaNamed('subject')(description)).toBe(valid)
})

test('the schema of descriptions knows every promise that the oracle judges by, and says the same of it', () => {
  const path = join(import.meta.dirname, '../../schemas/subject.schema.json')
  const { promise } = JSON.parse(readFileSync(path, 'utf8')).$defs
  expect(promise.enum).toEqual(Object.keys(PROMISES))
  for (const [name, { means }] of Object.entries(PROMISES)) {
    expect(promise.description).toContain(`${name}: ${means}`)
  }
})

test.each([
  [{ id: 1, do: 'open', directory: '/d' }, true],
  [{ id: 2, do: 'append', entry: '' }, true],
  [{ id: 3, do: 'put', key: 'k', value: 'v' }, true],
  [{ id: 4, do: 'delete', key: 'k' }, true],
  [{ id: 5, do: 'replace', content: 'c' }, true],
  [{ id: 6, do: 'read' }, true],
  [{ id: 7, do: 'close' }, true],
  [{ id: 6, ok: true, entries: ['e'] }, true],
  [{ id: 6, ok: true, pairs: [['k', 'v']] }, true],
  [{ id: 6, ok: true, content: null }, true],
  [{ id: 6, ok: false, message: 'no space left', code: 'ENOSPC' }, true],
  [{ do: 'read' }, false],
  [{ id: 2, do: 'append' }, false],
  [{ id: 7, do: 'close', entry: '' }, false],
  [{ id: 8, do: 'sync' }, false],
  [{ ok: true }, false],
  [{ id: 6, ok: true, pairs: [['k']] }, false],
])('the schema of the protocol says of the line %j: %s', (line, valid) => {
  expect(schemaNamed('protocol')(line)).toBe(valid)
})
