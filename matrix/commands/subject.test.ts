import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { givenSubject, SUBJECT_OPTIONS } from './subject.ts'

const { parse: promise } = SUBJECT_OPTIONS.promise
const { parse: kind } = SUBJECT_OPTIONS.kind

/** A module at a path below a folder of its own. */
function moduleAt(name: string): string {
  const path = join(temporaryDirectory(), name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, 'export const open = () => {}')
  return path
}

test('a module is described by its kind and its promise, which its words say again', () => {
  const path = moduleAt('My Store.v2.mjs')
  const given = { kind: kind('store'), promise: promise('durable') }
  const { subject, words } = givenSubject(path, given)
  expect(subject).toEqual({
    description: {
      name: 'my-store-v2',
      kind: 'store',
      module: './My Store.v2.mjs',
      promises: { kill: 'durable', 'power-cut': 'durable' },
    },
    folder: join(path, '..'),
  })
  expect(words).toBe(`'${path}' --kind store --promise durable`)
})

test.each([
  'kill=durable,power-cut=ordered',
  'kill=each,power-cut=each,io-error=opens,full-disk=each',
])('the promise %s is said again as it was given', (text) => {
  const { words } = givenSubject(moduleAt('log.js'), { kind: kind('log'), promise: promise(text) })
  expect(words).toMatch(new RegExp(`--promise ${text}$`))
})

test('a name that would be none is another one', () => {
  const given = { kind: kind('log'), promise: promise('durable') }
  const nameOf = (file: string) => givenSubject(moduleAt(file), given).subject.description.name
  expect(nameOf('日本.mjs')).toBe('subject')
  expect(nameOf(`${'a-'.repeat(40)}.mjs`)).toMatch(/^(a-)*a$/)
})

test.each([
  ['safe', /^"safe" is no promise; there are durable, ordered, each, opens$/],
  ['kill=durable', /^A promise is needed for kill and for power-cut$/],
  ['kill=durable,fire=each', /^"fire" is no fault that is promised of; there are kill, power-cut/],
])('the promise %s is refused in a sentence', (text, message) => {
  expect(() => promise(text)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(message) }),
  )
})

test.each([
  ['log.js', {}, /log\.js" is a module: add --kind and --promise, or name a description$/],
  ['log.js', { kind: 'log' }, /^--kind and --promise belong together: they describe a module$/],
  [
    'pullplug.json',
    { kind: 'log', promise: 'each' },
    /pullplug\.json" is no JavaScript module, and its/,
  ],
])(
  '%s with %j is refused in a sentence',
  (name, given: { kind?: string; promise?: string }, message) => {
    const path = relative('', moduleAt(name))
    const parsed = {
      kind: given.kind === undefined ? undefined : kind(given.kind),
      promise: given.promise === undefined ? undefined : promise(given.promise),
    }
    expect(() => givenSubject(path, parsed)).toThrow(message)
  },
)

test('a module that is not there, or that this Node can’t load, is missing', () => {
  const given = { kind: kind('log'), promise: promise('durable') }
  const gone = join(temporaryDirectory(), 'gone.js')
  expect(() => givenSubject(gone, given)).toThrow(expect.objectContaining({ code: 'MISSING' }))
  if (Reflect.get(process.features, 'typescript')) return
  expect(() => givenSubject(moduleAt('log.ts'), given)).toThrow(/loads no TypeScript/)
})
