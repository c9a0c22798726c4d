import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ownerOfThisProcess } from '../process/owner.ts'
import { CAN_MOUNT, smallVolume } from '../testing/small-volume.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import {
  allEntries,
  type Entry,
  entryOf,
  register,
  registryInWords,
  tidyRegistry,
  unregister,
} from './registry.ts'

/** A registry of the test's own; the folder that it is in. */
function place(name = 'state'): string {
  const path = join(temporaryDirectory(), name)
  vi.stubEnv('PULLPLUG_STATE', path)
  onTestFinished(() => void vi.unstubAllEnvs())
  return path
}

const entry = (path = '/somewhere/thing-1'): Entry => ({
  kind: 'folder',
  path,
  owner: ownerOfThisProcess(),
  createdAtMs: 1,
})

test('what is written down is found by its path until it is struck out', () => {
  place()
  register(entry())
  register(entry('/elsewhere'))
  expect(entryOf('/elsewhere')).toMatchObject(entry('/elsewhere'))
  expect(allEntries()).toHaveLength(2)
  unregister('/elsewhere')
  expect([entryOf('/elsewhere'), allEntries().length]).toEqual([null, 1])
  unregister('/elsewhere')
})

test('a registry is this user’s alone, and does not depend on TMPDIR', () => {
  const path = place()
  register(entry())
  vi.stubEnv('TMPDIR', temporaryDirectory())
  expect(allEntries()).toHaveLength(1)
  expect(readdirSync(path)).toEqual(['registry'])
  expect(registryInWords()).toEqual({ ok: true, text: `runs are written down in ${path}/registry` })
})

test.each<[string, (path: string) => void]>([
  [
    'others can write to',
    (path) => {
      mkdirSync(path)
      chmodSync(path, 0o777)
    },
  ],
  ['is a link', (path) => symlinkSync('/var', path)],
  ['is a file', (path) => writeFileSync(path, '')],
])('a registry in a folder that %s is neither written nor believed', (_, spoil) => {
  const path = place()
  spoil(path)
  register(entry())
  expect(allEntries()).toEqual([])
  expect(registryInWords()).toMatchObject({ ok: false })
})

test('a forged registry that others can write to is not believed', () => {
  const path = place()
  register(entry())
  chmodSync(join(path, 'registry'), 0o722)
  expect([allEntries(), entryOf(entry().path)]).toEqual([[], null])
})

test('entries that are empty, half written or of others are none', () => {
  const path = place()
  register(entry())
  const registry = join(path, 'registry')
  const whole = { format: 'pullplug-registry/1', ...entry() }
  const broken = [
    '',
    '{"form',
    'null',
    JSON.stringify({ ...whole, format: 'other' }),
    JSON.stringify({ ...whole, kind: 'everything' }),
    JSON.stringify({ ...whole, path: 'relative' }),
    JSON.stringify({ ...whole, owner: { pid: 1 } }),
  ]
  broken.forEach((text, n) => void writeFileSync(join(registry, `${n}.json`), text))
  expect(allEntries()).toHaveLength(1)
})

test.skipIf(!CAN_MOUNT)(
  'a full disk under the registry is no reason not to go on (needs root)',
  () => {
    vi.stubEnv('PULLPLUG_STATE', smallVolume(2))
    onTestFinished(() => void vi.unstubAllEnvs())
    for (let nth = 0; nth < 20; nth++) register(entry(`/somewhere/thing-${nth}`))
    expect(allEntries().length).toBeLessThan(20)
  },
)

test('what a killed process was about to write down goes when it is old', () => {
  const path = place()
  register(entry())
  const [old, young] = ['old.json.new', 'young.json.new'].map((name) => {
    const file = join(path, 'registry', name)
    writeFileSync(file, '{')
    return file
  }) as [string, string]
  utimesSync(old, 1e9, 1e9)
  tidyRegistry()
  expect([existsSync(old), existsSync(young), allEntries().length]).toEqual([false, true, 1])
})
