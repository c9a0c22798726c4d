import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import { cacheDirectory, inCache, makeInCache } from './cache.ts'
import { fakeDebian } from './testing/fake-debian.ts'

const fill = async (folder: string): Promise<void> => writeFileSync(join(folder, 'file'), 'whole')

test('the cache is in XDG_CACHE_HOME, and a relative one is ignored', () => {
  const { cache } = fakeDebian({})
  expect(cacheDirectory()).toBe(cache)
  process.env.XDG_CACHE_HOME = 'relative'
  expect(cacheDirectory()).toMatch(/^\/.*\/\.cache\/pullplug$/)
})

test('what fails in the making leaves nothing', async () => {
  const { cache } = fakeDebian({})
  const making = makeInCache('thing', async (folder) => {
    await fill(folder)
    throw new Error('half-way')
  })
  await expect(making).rejects.toThrow('half-way')
  expect(readdirSync(cache)).toEqual([])
})

test('two that make the same thing at once both succeed, and one stays', async () => {
  const { cache } = fakeDebian({})
  await Promise.all([makeInCache('thing', fill), makeInCache('thing', fill)])
  expect(readdirSync(cache)).toEqual(['thing'])
  expect(inCache('thing').isThere).toBe(true)
})

test('a cache that can not be written is the machine’s failure', async () => {
  const { cache } = fakeDebian({})
  writeFileSync(join(cache, '..', '..', 'cache'), '', { flag: 'wx' })
  await expect(makeInCache('thing', fill)).rejects.toThrow(MachineError)
})
