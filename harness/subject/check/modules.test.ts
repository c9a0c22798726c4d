import { expect, test } from 'vitest'
import { check, sentence } from '../../testing/checked.ts'
import { moduleSubject, withMore } from '../../testing/described.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'

/** A module's `open` for a log of JSON lines. */
function open(name: string): string {
  return `function open(directory) {
    const path = directory + '/${name}'
    appendFileSync(path, '')
    return {
      append: (entry) => appendFileSync(path, JSON.stringify(entry) + '\\n'),
      read: () => readFileSync(path, 'utf8').split('\\n').slice(0, -1).map((line) => JSON.parse(line)),
      close() {},
    }
  }`
}

test('a file that a subject makes in the folder of its description is noted', async () => {
  const folder = temporaryDirectory()
  const source = `
    import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
    writeFileSync('dump.rdb', '')
    export ${open('log')}`
  const { kept, notes } = await check(moduleSubject(folder, 'log', source))
  expect({ kept, notes }).toEqual({
    kept: true,
    notes: ['it left in the folder that it runs in: dump.rdb'],
  })
})

test.each([
  [
    'throws when it is loaded',
    `throw new Error('no licence')`,
    /could not be loaded: Error: no li/,
  ],
  [
    'is not JavaScript',
    'export function open( {',
    /could not be loaded: SyntaxError: .* in line 1$/,
  ],
  [
    'imports what is missing',
    `import 'nowhere'`,
    /could not be loaded: Error: Cannot find package/,
  ],
  ['exports no open', 'export const x = 1', /: it must export a function open\(directory\), which/],
  [
    'opens nothing',
    'export const open = () => {}',
    /^open was refused without a fault: what open\(/,
  ],
  [
    'lacks methods',
    'export const open = () => ({ read() {} })',
    /: what open\(\) returned is a log and lacks append, close$/,
  ],
  [
    'reads nothing',
    'export const open = () => ({ append() {}, read() {}, close() {} })',
    'read was refused without a fault: read() of a log must return its entries: an array or another iterable of strings, and it returned undefined',
  ],
  [
    'reads numbers',
    'export const open = () => ({ append() {}, read: () => [1], close() {} })',
    /iterable of strings, and it returned one that holds number$/,
  ],
])('a module that %s is told so in a sentence', async (_, source, told) => {
  expect(await sentence(moduleSubject(temporaryDirectory(), 'log', source))).toMatch(told)
})

test('a module that leaves timers behind ends with its input', async () => {
  const source = `
    import { appendFileSync, readFileSync } from 'node:fs'
    setInterval(() => {}, 1000)
    export async ${open('log')}`
  expect(await check(moduleSubject(temporaryDirectory(), 'log', source))).toMatchObject({
    kept: true,
  })
})

test('opening may be refused after a kill for as long as the description says', async () => {
  // Its lock is that of a process which can't remove it, and the fourth who asks takes it over.
  const source = `
    import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
    ${open('log').replace('function open', 'function openLog')}
    export function open(directory) {
      const lock = directory + '/lock'
      if (existsSync(lock) && readFileSync(lock).length < 3) {
        appendFileSync(lock, '.')
        throw new Error('locked')
      }
      writeFileSync(lock, '')
      return { ...openLog(directory), close: () => rmSync(lock) }
    }`
  const impatient = moduleSubject(temporaryDirectory(), 'log', source)
  expect(await sentence(impatient)).toBe('refused: open: locked')
  expect(await check(withMore(impatient, { patienceMs: 60_000 }))).toMatchObject({ kept: true })
})
