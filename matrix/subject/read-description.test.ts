import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { BadInput } from './bad-input.ts'
import { readDescription } from './read-description.ts'

const GOOD = {
  name: 'mine',
  kind: 'store',
  module: './adapter.mjs',
  promises: { kill: 'durable', 'power-cut': 'durable' },
}

/** A folder with a description and an adapter. */
function folderWith(description: unknown): string {
  const folder = temporaryDirectory()
  const text = typeof description === 'string' ? description : JSON.stringify(description)
  writeFileSync(join(folder, 'pullplug.json'), text)
  writeFileSync(join(folder, 'adapter.mjs'), '')
  return folder
}

function errorOf(path: string): Error {
  try {
    readDescription(path)
  } catch (error) {
    return error as Error
  }
  throw new Error('it was read')
}

/** What is wrong with a folder's description, without its path. */
function mistakesIn(description: unknown): string[] {
  const folder = folderWith(description)
  const error = errorOf(folder)
  expect(error).toBeInstanceOf(BadInput)
  const [first = '', ...others] = error.message.split('\n')
  const path = join(folder, 'pullplug.json')
  return others.length > 0 ? others.map((each) => each.trim()) : [first.replace(`${path}: `, '')]
}

test('a description is read from its file and from its folder', () => {
  const folder = folderWith(GOOD)
  const expected = { description: GOOD, folder }
  expect(readDescription(folder)).toEqual(expected)
  expect(readDescription(join(folder, 'pullplug.json'))).toEqual(expected)
})

test('a description may begin with a byte order mark, and be a link', () => {
  const folder = folderWith(`\uFEFF${JSON.stringify(GOOD)}`)
  expect(readDescription(folder).description.name).toBe('mine')
  symlinkSync(join(folder, 'pullplug.json'), join(folder, 'other.json'))
  expect(readDescription(join(folder, 'other.json')).description.name).toBe('mine')
})

test.each([
  [{ ...GOOD, moduel: 'x' }, '"moduel" is no field; did you mean "module"?'],
  [{ ...GOOD, timeout: 1 }, '"timeout" is no field; did you mean "timeoutMs"?'],
  [{ ...GOOD, zzz: 1 }, '"zzz" is no field'],
  [
    { ...GOOD, command: ['x'] },
    'it has both "module" and "command", and must have the one by which it is run',
  ],
  [
    { ...GOOD, module: undefined },
    'it has neither "module", a JavaScript module that exports open(directory), nor "command", a program and its arguments',
  ],
  [
    { ...GOOD, promises: { kill: 'durable' } },
    '"promises.power-cut" is missing: after a power cut: durable, ordered, each or opens',
  ],
  [
    { ...GOOD, promises: { ...GOOD.promises, powercut: 'each' } },
    '"promises.powercut" is no field; did you mean "power-cut"?',
  ],
  [
    { ...GOOD, promises: { ...GOOD.promises, kill: 'durible' } },
    '"promises.kill" is "durible", and must be one of durable, ordered, each, opens; did you mean "durable"?',
  ],
  [
    { ...GOOD, promises: undefined },
    '"promises" is missing: what an acknowledgement is worth after each kind of fault',
  ],
  [
    { ...GOOD, name: 'My Store' },
    '"name" is "My Store", and holds only lower-case letters, digits and hyphens; for example "my-store"',
  ],
  [
    { ...GOOD, name: '数' },
    '"name" is "数", and holds only lower-case letters, digits and hyphens',
  ],
  [{ ...GOOD, name: 5 }, '"name" must be a text, and it is 5'],
  [{ ...GOOD, kind: 'queue' }, '"kind" is "queue", and must be one of log, store, file'],
  [{ ...GOOD, fresh: 'yes' }, '"fresh" must be true or false, and it is "yes"'],
  [{ ...GOOD, timeoutMs: 5 }, '"timeoutMs" is 5, and must be >= 100'],
  [{ ...GOOD, module: '' }, '"module" must not be empty'],
  [
    { ...GOOD, source: 'their page' },
    '"source" is "their page", and must be an address such as https://example.org/docs',
  ],
  [{ ...GOOD, environment: { 'A B': '' } }, '"environment.A B" is no name of a variable'],
  [
    { ...GOOD, module: undefined, command: 'python3 x.py' },
    '"command" must be a list such as ["python3","x.py"], and it is "python3 x.py"',
  ],
  [{ ...GOOD, module: undefined, command: ['', 'x'] }, '"command" must begin with a program'],
  [{ ...GOOD, module: undefined, command: [] }, '"command" must not be empty'],
  [{ ...GOOD, module: undefined, command: ['sh', 'a\0b'] }, '"command.1" holds a NUL character'],
  [{ ...GOOD, environment: { A: '\0' } }, '"environment.A" holds a NUL character'],
  [[], 'it must be an object such as {"name": …}, and it is []'],
  [null, 'it must be an object such as {"name": …}, and it is null'],
  [
    { ...GOOD, $schema: 'https://pullplug.dev/schemas/subject/2.json', newField: 1 },
    'it is of the schema "https://pullplug.dev/schemas/subject/2.json", and only https://pullplug.dev/schemas/subject/1.json is known here',
  ],
])('%j is refused in one sentence', (description, sentence) => {
  expect(mistakesIn(description)).toEqual([sentence])
})

test('each thing that is wrong with a description has its own sentence', () => {
  const mistakes = mistakesIn({ name: 'Mine', kind: 'queue', module: 'a', command: ['b'], x: 1 })
  expect(mistakes).toHaveLength(5)
})

test.each([
  ['', /pullplug\.json is empty$/],
  [' \n', /pullplug\.json is empty$/],
  ['{\n  "name": "x",\n}', /pullplug\.json is not JSON: line 3, column 1: a key in double quotat/],
  ['{"name": "a", "name": "b"}', /is not JSON: line 1, column 15: "name" stands twice$/],
  [' '.repeat(1024 * 1024 + 1), /is too large: at most 1048576 bytes are read$/],
])('a file that holds %.20j is refused in one sentence', (text, sentence) => {
  const error = errorOf(folderWith(text))
  expect(error).toBeInstanceOf(BadInput)
  expect(error.message).toMatch(sentence)
})

test('a file that is not UTF-8 is refused', () => {
  const folder = temporaryDirectory()
  writeFileSync(join(folder, 'pullplug.json'), Buffer.from([0x7b, 0xff, 0x7d]))
  expect(errorOf(folder).message).toMatch(/is not UTF-8$/)
})

test('a FIFO or a folder in the place of a description is refused and not waited for', () => {
  const folder = temporaryDirectory()
  const path = join(folder, 'pullplug.json')
  execFileSync('mkfifo', [path])
  expect(errorOf(folder).message).toMatch(/is not a plain file$/)
  expect(errorOf('/dev/zero').message).toMatch(/^\/dev\/zero is not a plain file$/)
  const other = temporaryDirectory()
  mkdirSync(join(other, 'pullplug.json'))
  expect(errorOf(other).message).toMatch(/is not a plain file$/)
})

test.each([
  ['a folder without a description', '', /^there is no pullplug\.json in .*/],
  ['a path where nothing is', 'nowhere', /nowhere is not there$/],
])('%s is missing, and init is the way out', (_, path, message) => {
  const error = errorOf(join(temporaryDirectory(), path)) as MachineError
  expect(error).toBeInstanceOf(MachineError)
  expect(error).toMatchObject({ code: 'MISSING', message: expect.stringMatching(message) })
  expect(error.remedy).toMatch(/^Run `pullplug init/)
})

const command = (...words: string[]) => ({ ...GOOD, module: undefined, command: words })

test.each([
  [{ ...GOOD, module: './gone.mjs' }, 'module of mine: ./gone.mjs is not there'],
  [{ ...GOOD, module: '.' }, 'module of mine: . is not a file'],
  [
    { ...GOOD, module: './built.mjs' },
    'module of mine: ./built.mjs is not there, and built.mts is: it must be built first',
  ],
  [command('./gone'), 'command of mine: ./gone is not there'],
  [command('./built'), 'command of mine: ./built is not there, and built.mts is: it must be built'],
  [command('./plain.txt'), 'command of mine: ./plain.txt may not be executed (chmod +x)'],
  [command('./lost'), 'command of mine: ./lost is run by /no/python3, which is not there'],
  [command('./crlf'), 'command of mine: ./crlf has the line ends of Windows'],
  [
    command('no-such-program'),
    'command of mine: the program no-such-program is in none of the folders of PATH, which is /usr',
  ],
  [
    { ...command('tool'), environment: { PATH: '/nowhere' } },
    'command of mine: the program tool is in none of the folders of PATH, which is /nowhere',
  ],
  [{ ...GOOD, setup: ['./gone'] }, 'setup of mine: ./gone is not there'],
])('%j names what is missing', (description, sentence) => {
  const folder = folderWith(description)
  writeFileSync(join(folder, 'built.mts'), '')
  writeFileSync(join(folder, 'plain.txt'), '', { mode: 0o644 })
  writeFileSync(join(folder, 'lost'), '#! /no/python3 -u\n', { mode: 0o755 })
  writeFileSync(join(folder, 'crlf'), '#!/bin/sh\r\n', { mode: 0o755 })
  const error = errorOf(folder)
  expect(error).toBeInstanceOf(MachineError)
  expect(error).toMatchObject({ code: 'MISSING' })
  expect(error.message).toContain(sentence)
})

test('an argument of a command may be empty', () => {
  const folder = folderWith(command('sh', ''))
  expect(readDescription(folder).description).toMatchObject({ command: ['sh', ''] })
})

test('a program is found in the PATH of the description, from its folder', () => {
  const folder = folderWith({ ...command('tool'), environment: { PATH: 'bin' } })
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'tool'), '')
  chmodSync(join(folder, 'bin', 'tool'), 0o755)
  expect(readDescription(folder).description).toMatchObject({ command: ['tool'] })
})

test('a TypeScript module is refused where Node cannot load it', (context) => {
  if (Reflect.get(process.features, 'typescript')) context.skip('this Node loads TypeScript')
  const folder = folderWith({ ...GOOD, module: './adapter.ts' })
  writeFileSync(join(folder, 'adapter.ts'), '')
  expect(errorOf(folder).message).toMatch(/^module of mine: Node .* loads no TypeScript: name the/)
})
