import { expect, test } from 'vitest'
import { checkOptions } from './check-options.ts'
import { crashTest } from './crash-test.ts'

const MODULE = { subject: './log.js', kind: 'log', promise: 'durable' }

test.each([
  [undefined, 'crashTest takes an object with a subject, and was given undefined'],
  ['log.js', "crashTest takes an object with a subject, and was given 'log.js'"],
  [{}, 'crashTest: subject is missing'],
  [{ subject: '' }, "crashTest: subject must name a file, and it is ''"],
  [
    { subject: { href: 'https://a.example/log.js' } },
    "crashTest: subject must be a path, or a URL that begins with file://, and it is { href: 'https://a.example/log.js' }",
  ],
  [
    { ...MODULE, kind: 'queue' },
    "crashTest: kind must be one of log, store, file, and it is 'queue'",
  ],
  [
    { ...MODULE, promise: 'safe' },
    "crashTest: promise must be one of durable, ordered, each, opens, or an object with one for each of kill and power-cut, and it is 'safe'",
  ],
  [
    { ...MODULE, promise: { kill: 'durable' } },
    "crashTest: promise must say what holds after a kill and after a power-cut, and it is { kill: 'durable' }",
  ],
  [
    { ...MODULE, promise: { kill: 'durable', 'power-cut': 'durable', rot: 'each' } },
    /^crashTest: promise must give kill, power-cut, io-error, full-disk one of durable, /,
  ],
  [
    { subject: './log.js', kind: 'log' },
    'crashTest: a module needs both kind and promise, and promise is missing beside kind',
  ],
  [
    { ...MODULE, seconds: 0 },
    'crashTest: seconds must be a whole number from 1 to 86400, and it is 0',
  ],
  [
    { ...MODULE, seed: -1 },
    'crashTest: seed must be a whole number from 0 to 4294967295, and it is -1',
  ],
  [
    { ...MODULE, tiers: [] },
    'crashTest: tiers must be a list of some of kill, power-cut, io-error, and it is []',
  ],
  [
    { ...MODULE, tiers: ['kill'], mustRun: ['power-cut'] },
    'crashTest: mustRun names power-cut, which tiers leaves out',
  ],
  [
    { ...MODULE, fileSystems: 'ext4' },
    "crashTest: fileSystems must be a list of some of ext4, xfs, btrfs, tmpdir, and it is 'ext4'",
  ],
  [{ ...MODULE, signal: {} }, 'crashTest: signal must be an AbortSignal, and it is {}'],
  [
    { ...MODULE, second: 3 },
    "crashTest has no option 'second'; there are subject, kind, promise, seconds, seed, tiers, mustRun, fileSystems, signal",
  ],
  [{ ...MODULE, constructor: 3 }, /^crashTest has no option 'constructor'/],
])('%j is a TypeError, and says in a sentence what would be right', (options, message) => {
  let error: unknown
  try {
    checkOptions(options)
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(TypeError)
  if (message instanceof RegExp) expect((error as Error).message).toMatch(message)
  else expect((error as Error).message).toBe(message)
})

test('what is left undefined is as if it were not given', () => {
  expect(() => checkOptions({ ...MODULE, seed: undefined, signal: undefined })).not.toThrow()
})

test.each([
  [
    { subject: './log.js' },
    'crashTest: ./log.js is a module, and needs kind and promise beside it',
  ],
  [
    { subject: './pullplug.json', kind: 'log', promise: 'durable' } as const,
    'crashTest: ./pullplug.json is no JavaScript module; a description says its kind and promise itself',
  ],
])('a subject of the other sort is told before anything runs', async (options, message) => {
  await expect(crashTest(options)).rejects.toThrow(new TypeError(message))
})
