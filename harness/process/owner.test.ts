import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isAlive, isOwner, ownerOfThisProcess, ownerWithPid } from './owner.ts'
import { statOf } from './stat.ts'

const ME = ownerOfThisProcess()
const onLinux = test.skipIf(process.platform !== 'linux')

describe('alive is', () => {
  test('this process', () => {
    expect(isAlive(ME)).toBe(true)
    expect(isAlive(JSON.parse(JSON.stringify(ME)))).toBe(true)
  })

  test('a process of another user', () => {
    expect(isAlive(ownerWithPid(1))).toBe(true)
  })

  test('a process of which nothing but its number is known', () => {
    expect(isAlive({ ...ME, startTicks: null })).toBe(true)
  })
})

describe('dead is', () => {
  test('a process that has ended', async () => {
    const child = spawn('sleep', ['600'])
    const owner = ownerWithPid(child.pid as number)
    expect(isAlive(owner)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isAlive(owner)).toBe(false)
  })

  onLinux('a process that has ended and was not waited for', async () => {
    // `sleep` takes the shell's place and never asks for the shell's child.
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'])
    onTestFinished(() => {
      parent.kill('SIGKILL')
    })
    const [said] = await once(parent.stdout, 'data')
    const owner = ownerWithPid(Number(said))
    expect(isAlive(owner)).toBe(true)
    // The shell would still ask.
    while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') {
      await new Promise(setImmediate)
    }
    process.kill(owner.pid, 'SIGKILL')
    while (statOf(owner.pid)?.state !== 'Z') await new Promise(setImmediate)
    expect(isAlive(owner)).toBe(false)
  })

  onLinux('one that had the number of a living process before it', () => {
    expect(isAlive({ ...ME, startTicks: (ME.startTicks ?? 0) - 1 })).toBe(false)
  })

  onLinux('one of another boot', () => {
    expect(isAlive({ ...ME, bootId: '00000000-0000-4000-8000-000000000000' })).toBe(false)
    expect(isAlive({ ...ME, bootId: null })).toBe(false)
  })

  test('one whose number nobody has', () => {
    expect(isAlive({ ...ME, pid: 2 ** 31 - 1 })).toBe(false)
  })
})

test.each([
  null,
  7,
  {},
  { ...ME, pid: 0 },
  { ...ME, pid: -1 },
  { ...ME, pid: 1.5 },
  { ...ME, pid: '1' },
  { ...ME, startTicks: '7' },
  { ...ME, bootId: 7 },
  { pid: 1 },
])('%j is no owner', (value) => {
  expect(isOwner(ME)).toBe(true)
  expect(isOwner(value)).toBe(false)
})
