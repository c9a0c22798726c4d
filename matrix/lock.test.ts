import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { ownerFileOf } from '../harness/owned/owned-folder.ts'
import { allEntries } from '../harness/owned/registry.ts'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { listLeftovers } from './leftovers.ts'
import { LOCKS, withLock } from './lock.ts'

const LOCK = pathToFileURL(join(process.cwd(), 'dist', 'matrix', 'lock.js')).href

/** A process that holds the lock of an evidence folder and does something there. */
async function holder(directory: string, work: string) {
  const code = `
    import { withLock } from ${JSON.stringify(LOCK)}
    const directory = ${JSON.stringify(directory)}
    await withLock(directory, async () => { console.log('held'); ${work} })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const gone = once(child, 'exit')
  await once(child.stdout, 'data')
  return { child, gone }
}

const FOR_EVER = 'await new Promise(() => setInterval(() => {}, 1000))'

test('a folder is made, held while work is done, and free of locks after it', async () => {
  const directory = join(temporaryDirectory(), 'a', 'evidence')
  await withLock(directory, async () => {
    expect(readdirSync(directory)).toEqual(['.lock'])
    await expect(withLock(directory, async () => {})).rejects.toThrow(
      `another run (process ${process.pid}) is writing evidence to ${directory}`,
    )
    expect(readdirSync(directory)).toEqual(['.lock'])
  })
  expect(readdirSync(directory)).toEqual([])
  expect(allEntries()).toEqual([])
})

test('a lock is given back when the work fails, when its folder is gone, and at an exit', async () => {
  const directory = temporaryDirectory()
  await expect(withLock(directory, () => Promise.reject(new Error('meant')))).rejects.toThrow(
    'meant',
  )
  const { gone } = await holder(directory, 'process.exit(7)')
  expect(await gone).toEqual([7, null])
  expect([readdirSync(directory), allEntries()]).toEqual([[], []])
})

test('a lock of a killed process is taken over, with what it had half written', async () => {
  const directory = join(temporaryDirectory(), '.evidence')
  const { child, gone } = await holder(directory, FOR_EVER)
  await expect(withLock(directory, async () => {})).rejects.toThrow(`(process ${child.pid})`)
  const half = join(directory, 'amd64', 'ext4', '.run-1.tmp-1')
  const whole = join(directory, 'amd64', 'xfs', 'run-1')
  for (const path of [half, whole]) {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'run.json'), '')
  }
  child.kill('SIGKILL')
  await gone
  await withLock(directory, async () => {
    expect(existsSync(half)).toBe(false)
    expect(existsSync(join(whole, 'run.json'))).toBe(true)
  })
  expect(readdirSync(directory)).toEqual(['amd64'])
  expect(readdirSync(join(directory, 'amd64'))).toEqual(['xfs'])
})

test('a lock whose owner.json is broken is judged by its sign of life', async () => {
  const directory = temporaryDirectory()
  const { child, gone } = await holder(directory, FOR_EVER)
  writeFileSync(ownerFileOf(join(directory, '.lock')), '{"form')
  await expect(withLock(directory, async () => {})).rejects.toThrow('another run (process unknown)')
  child.kill('SIGKILL')
  await gone
  await withLock(directory, async () => {})
  expect(readdirSync(directory)).toEqual([])
})

test('of many that want a lock of a dead one at once, one at a time has it', async () => {
  const directory = temporaryDirectory()
  const { child, gone } = await holder(directory, FOR_EVER)
  child.kill('SIGKILL')
  await gone
  // Each appends a line when it has the lock and another before it gives it back.
  const log = join(directory, 'log')
  const code = `
    import { appendFileSync } from 'node:fs'
    import { withLock } from ${JSON.stringify(LOCK)}
    const log = ${JSON.stringify(log)}
    for (let tries = 0; tries < 200; tries++) {
      const had = await withLock(${JSON.stringify(directory)}, async () => {
        appendFileSync(log, 'has ' + process.pid + '\\n')
        await new Promise((resolve) => setTimeout(resolve, 5))
        appendFileSync(log, 'had ' + process.pid + '\\n')
        return true
      }).catch((error) => /another run/.test(error.message) ? false : Promise.reject(error))
      if (had) break
      await new Promise((resolve) => setTimeout(resolve, 5))
    }`
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'inherit' }),
  )
  const ends = await Promise.all(children.map((each) => once(each, 'exit')))
  expect(ends).toEqual(Array(4).fill([0, null]))
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  expect(lines).toHaveLength(8)
  for (let at = 0; at < lines.length; at += 2) {
    expect(lines[at + 1]).toBe(lines[at]?.replace('has', 'had'))
  }
  expect(readdirSync(directory)).toEqual(['log'])
})

test('a lock of a dead one that somebody died over when it was taken away is taken, and found', async () => {
  const directory = temporaryDirectory()
  for (const name of LOCKS.toReversed()) {
    const { child, gone } = await holder(directory, FOR_EVER)
    child.kill('SIGKILL')
    await gone
    renameSync(join(directory, '.lock'), join(directory, name))
  }
  const name = join(directory, LOCKS[1] ?? '')
  expect(listLeftovers().leftovers).toContainEqual(expect.objectContaining({ name }))
  await withLock(directory, async () => {})
  expect(readdirSync(directory)).toEqual([])
})

test('something else in the place of a lock is left alone', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, '.lock'), 'precious')
  await expect(withLock(directory, async () => {})).rejects.toMatchObject({
    remedy: expect.stringContaining(join(directory, '.lock')),
  })
  expect(readFileSync(join(directory, '.lock'), 'utf8')).toBe('precious')
})
