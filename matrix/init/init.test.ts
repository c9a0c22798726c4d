import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { BadInput } from '../subject/bad-input.ts'
import { readDescription } from '../subject/read-description.ts'
import { type InitOptions, runInit } from './init.ts'
import { writeNew } from './write-new.ts'

/** A folder with files: their text by their names. */
function folderWith(files: Record<string, string> = {}): string {
  const folder = join(temporaryDirectory(), 'My Store')
  mkdirSync(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

function descriptionIn(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, 'pullplug.json'), 'utf8'))
}

function errorOf(options: InitOptions): Error {
  try {
    runInit(options)
  } catch (error) {
    return error as Error
  }
  throw new Error('it was made')
}

test.each([
  [{}, 'pullplug-adapter.mjs', 'JavaScript, since nothing tells of another language.'],
  [{ 'package.json': '{}' }, 'pullplug-adapter.mjs', 'JavaScript, since package.json is there.'],
  [
    { 'package.json': '{"devDependencies": {"typescript": "^5"}}' },
    'pullplug-adapter.mts',
    'TypeScript, since package.json is there.',
  ],
  [{ 'tsconfig.json': '{}' }, 'pullplug-adapter.mts', 'TypeScript, since tsconfig.json is there.'],
  [{ 'Cargo.toml': '' }, 'examples/pullplug-adapter.rs', 'Rust, since Cargo.toml is there.'],
  [{ 'go.mod': '' }, 'pullplug-adapter.go', 'Go, since go.mod is there.'],
  [{ 'pyproject.toml': '' }, 'pullplug-adapter.py', 'Python, since pyproject.toml is there.'],
  [{ 'app.py': '' }, 'pullplug-adapter.py', 'Python, since app.py is there.'],
  [{ Makefile: '', 'main.c': '' }, 'pullplug-adapter.c', 'C, since Makefile is there.'],
  [
    { Makefile: '' },
    'pullplug-adapter.mjs',
    'JavaScript, since nothing tells of another language.',
  ],
  [{ 'run.sh': '' }, 'pullplug-adapter.sh', 'shell, since run.sh is there.'],
  [
    { 'package.json': '{}', 'Cargo.toml': '' },
    'examples/pullplug-adapter.rs',
    'Rust, since Cargo.toml is there; for package.json there is --language js.',
  ],
  [
    { 'package.json': '{}', 'tool.py': '', 'run.sh': '' },
    'pullplug-adapter.mjs',
    'JavaScript, since package.json is there; for tool.py, run.sh there is --language python, --language shell.',
  ],
  [
    { Makefile: '', 'main.c': '', 'gen.py': '' },
    'pullplug-adapter.c',
    'C, since Makefile is there;',
  ],
])('in a folder with %j, init writes %s', (files, adapter, because) => {
  const folder = folderWith(files)
  const words = runInit({ folder })
  expect(words).toContain(`wrote pullplug.json and ${adapter} for my-store`)
  expect(words).toContain(`It is in ${because}`)
  expect(readFileSync(join(folder, adapter), 'utf8')).not.toMatch(/KIND|BUILD/)
})

test.each([
  [{}, 'my-store'],
  [{ 'package.json': '{"name": "@acme/Key_Value.js"}' }, 'key-value-js'],
  [{ 'package.json': '{"name": 5}' }, 'my-store'],
  [{ 'package.json': 'not JSON' }, 'my-store'],
  [{ 'package.json': JSON.stringify({ name: 'x'.repeat(100) }) }, 'x'.repeat(60)],
])('in a folder with %j, the subject is named %s', (files, name) => {
  const folder = folderWith(files)
  runInit({ folder })
  expect(descriptionIn(folder)).toMatchObject({ name })
})

test('a folder whose name has no letter of a name gives a subject a plain one', () => {
  const folder = join(temporaryDirectory(), '数据')
  mkdirSync(folder)
  runInit({ folder })
  expect(descriptionIn(folder)).toMatchObject({ name: 'subject' })
})

test('a description that init writes is read without a word, and holds what was given', () => {
  const folder = folderWith()
  runInit({ folder, kind: 'log', name: 'the-log' })
  expect(readDescription(folder).description).toEqual({
    $schema: 'https://pullplug.dev/schemas/subject/1.json',
    name: 'the-log',
    kind: 'log',
    module: './pullplug-adapter.mjs',
    promises: { kill: 'durable', 'power-cut': 'durable' },
  })
})

test('where Pullplug is installed, the description names the schema that is there', () => {
  const folder = folderWith()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(process.cwd(), join(folder, 'node_modules', 'pullplug'))
  runInit({ folder })
  expect(descriptionIn(folder).$schema).toBe('./node_modules/pullplug/schemas/subject.schema.json')
})

test('init says the next commands as they can be typed', () => {
  const folder = folderWith()
  const words = runInit({ folder, language: 'c' }).split('\n')
  expect(words.slice(words.indexOf('next:') + 1)).toEqual([
    `  (cd '${folder}' && cc -O2 pullplug-adapter.c -o pullplug-adapter)`,
    `  npx pullplug check '${folder}'`,
  ])
})

test('a second init writes nothing, and says which files are there', () => {
  const folder = folderWith()
  runInit({ folder })
  const before = readFileSync(join(folder, 'pullplug-adapter.mjs'), 'utf8')
  const error = errorOf({ folder, kind: 'log' })
  expect(error).toBeInstanceOf(BadInput)
  expect(error.message).toBe(
    'pullplug-adapter.mjs and pullplug.json are already there, and nothing was written',
  )
  expect(readFileSync(join(folder, 'pullplug-adapter.mjs'), 'utf8')).toBe(before)
})

test.each(['pullplug.json', 'pullplug-adapter.mjs'])(
  'where only %s is there, it stays as it is and nothing is written beside it',
  (name) => {
    const folder = folderWith({ [name]: 'mine' })
    expect(errorOf({ folder }).message).toBe(`${name} is already there, and nothing was written`)
    expect(readdirSync(folder)).toEqual([name])
    expect(readFileSync(join(folder, name), 'utf8')).toBe('mine')
  },
)

test('a link that leads nowhere is not written through', () => {
  const folder = folderWith()
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'pullplug.json'))
  expect(errorOf({ folder })).toBeInstanceOf(BadInput)
  expect(readdirSync(folder)).toEqual(['pullplug.json'])
})

test('what was written is removed again where the rest cannot be', () => {
  const folder = folderWith({ examples: 'a file in the way' })
  const files = ['one', 'two/three', 'examples/four'].map((path) => ({ path, text: '' }))
  expect(() => writeNew(folder, files)).toThrow(MachineError)
  expect(readdirSync(folder)).toEqual(['examples'])
})

test.skipIf(process.getuid?.() === 0)('a folder that is not to be written to is told', () => {
  const folder = folderWith()
  chmodSync(folder, 0o500)
  expect(errorOf({ folder }).message).toContain(`nothing can be written in ${folder}`)
})

test.each([
  [{ language: 'cobol' }, '"cobol" is no language; there are js, ts, python, c, go, rust, shell'],
  [
    { name: 'My Store' },
    `a subject's name holds only lower-case letters, digits and single hyphens, 60 characters at most, and "My Store" does not`,
  ],
  [{ name: '' }, `and "" does not`],
  [{ name: 'a--b' }, `and "a--b" does not`],
])('init refuses %j and writes nothing', (options, sentence) => {
  const folder = folderWith()
  const error = errorOf({ folder, ...options })
  expect(error).toBeInstanceOf(BadInput)
  expect(error.message).toContain(sentence)
  expect(readdirSync(folder)).toEqual([])
})

test('init refuses a file in the place of a folder, and a folder that is not there', () => {
  const folder = folderWith({ file: '' })
  expect(errorOf({ folder: join(folder, 'file') })).toBeInstanceOf(BadInput)
  expect(errorOf({ folder: join(folder, 'nowhere') })).toMatchObject({ code: 'MISSING' })
})
