import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, onTestFinished } from 'vitest'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import type { Kill } from './faults/kill.ts'
import type { Operation } from './operation.ts'
import type { Passthrough } from './passthrough.ts'
import { readTree } from './read-tree.ts'
import { rebuild } from './rebuild.ts'
import {
  expectRebuilt,
  NEEDS,
  passthrough,
  python,
  run,
  start,
  testPassthrough,
} from './testing/scene.ts'

/** A log that begins a new file after three records, and puts the name of the current one in place. */
const LOG = python(`
import os
def put(path, flags, data):
    f = os.open(path, os.O_CREAT | os.O_WRONLY | flags)
    os.write(f, data)
    os.fdatasync(f)
    os.close(f)
for i in range(6):
    put('log-%d' % (i // 3), os.O_APPEND, b'record %d ' % i * 20)
    if i % 3 == 0:
        put('current.new', os.O_TRUNC, b'log-%d' % (i // 3))
        os.rename('current.new', 'current')
        d = os.open('.', os.O_RDONLY)
        os.fsync(d)
        os.close(d)
`)

const shape = (operations: Operation[]) =>
  operations.map(({ kind, path, to, offsetBytes, lengthBytes }) =>
    [kind, path, to, offsetBytes, lengthBytes].join(' '),
  )

/** Runs the log in a folder of its own, and compares what it leaves with what it did. */
async function runLog(served: Passthrough, fault?: Kill) {
  const folder = 'run'
  served.makeFolder(folder)
  const before = readTree(served.backing)
  const seen = await run(served, LOG, fault === undefined ? {} : { fault }, folder)
  expect(rebuild(seen.operations, before)).toEqual(readTree(served.backing))
  served.removeFolder(folder)
  return seen
}

describe('a kill', () => {
  testPassthrough(
    `at every operation, before, within and after it, leaves what was done until then${NEEDS}`,
    async () => {
      const served = await passthrough()
      const { operations: reference } = await runLog(served)
      expect(reference.length).toBe(24)
      for (const { n, kind, lengthBytes } of reference) {
        const within = { moment: 'within', wroteBytes: lengthBytes >> 1 } as const
        const moments = [
          { moment: 'before' },
          { moment: 'after' },
          ...(kind === 'write' ? [within] : []),
        ] as const
        for (const moment of moments) {
          const seen = await runLog(served, { fault: 'kill', at: { n }, ...moment })
          expect(seen).toMatchObject({ signal: 'SIGKILL', overflow: false })
          expect(seen.struck).toEqual({ operations: [n], killed: 'cgroup' })
          expect(seen.operations).toHaveLength(n)
          expect(shape(seen.operations)).toEqual(shape(reference).slice(0, n))
          const wroteBytes = { before: 0, within: lengthBytes >> 1, after: lengthBytes }
          expect(seen.operations.at(-1)).toMatchObject({
            done: moment.moment !== 'before',
            wroteBytes: kind === 'write' ? wroteBytes[moment.moment] : 0,
          })
        }
      }
    },
  )

  testPassthrough(`is at the same operation by its kind and count${NEEDS}`, async () => {
    const served = await passthrough()
    const at = { kind: 'rename', nth: 2 } as const
    const seen = await runLog(served, { fault: 'kill', at, moment: 'after' })
    expect(seen.signal).toBe('SIGKILL')
    expect(seen.operations.filter(({ kind }) => kind === 'rename')).toHaveLength(2)
    expect(seen.operations.at(-1)).toMatchObject({ kind: 'rename', struck: true, done: true })
  })

  testPassthrough(
    `takes threads and children, also one of a session of its own${NEEDS}`,
    async () => {
      const served = await passthrough()
      const many = python(`
import os, threading
def work(name):
    f = os.open(name, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    while True: os.write(f, name.encode())
if os.fork() == 0:
    os.setsid()
    work('escaped')
if os.fork() == 0: work('child')
for i in range(3): threading.Thread(target=work, args=('thread%d' % i,)).start()
`)
      for (const n of [1, 20, 100, 101, 102]) {
        served.makeFolder('run')
        const before = readTree(served.backing)
        const fault = { fault: 'kill', at: { n }, moment: 'after' } as const
        const seen = await run(served, many, { fault }, 'run')
        expect(seen).toMatchObject({ signal: 'SIGKILL', struck: { operations: [n] } })
        expect(served.processes()).toEqual([])
        expect(rebuild(seen.operations, before)).toEqual(readTree(served.backing))
        expect(seen.operations.slice(n).every(({ done }) => !done)).toBe(true)
        served.removeFolder('run')
      }
    },
  )

  testPassthrough(
    `of a program with a mapped file leaves what was written back, too${NEEDS}`,
    async () => {
      const served = await passthrough()
      const mapped = python(`
import mmap, os
f = os.open('m', os.O_CREAT | os.O_RDWR)
os.ftruncate(f, 20000)
m = mmap.mmap(f, 20000)
for i in range(5):
    m[i * 4096:i * 4096 + 5] = b'page%d' % i
os.mkdir('then')
`)
      const fault = { fault: 'kill', at: { kind: 'mkdir', nth: 1 }, moment: 'before' } as const
      const seen = await run(served, mapped, { fault })
      expect(seen).toMatchObject({ signal: 'SIGKILL', struck: { killed: 'cgroup' } })
      const back = seen.operations.filter(({ cached }) => cached)
      expect(back.length).toBeGreaterThan(0)
      expect(back.every(({ done, threadId }) => done && threadId === 0)).toBe(true)
      expectRebuilt(served, seen)
    },
  )

  testPassthrough(
    `takes the process group of one that is in no cgroup, and never this process's${NEEDS}`,
    async () => {
      const served = await passthrough()
      const outside = async (detached: boolean) => {
        served.begin({ fault: { fault: 'kill', at: { n: 1 }, moment: 'before' } })
        const [file, ...args] = python(`open('${served.mountPoint}/x', 'w')`)
        const child = spawn(file, args, {
          env: CHILD_ENVIRONMENT,
          detached,
          stdio: 'ignore',
        })
        const [code, signal] = await once(child, 'close')
        return { code, signal, ...served.end() }
      }
      expect(await outside(true)).toMatchObject({
        signal: 'SIGKILL',
        struck: { operations: [1], killed: 'process-group' },
      })
      expect(await outside(false)).toMatchObject({
        code: 0,
        struck: { operations: [1], killed: 'missed' },
      })
    },
  )

  testPassthrough(`by somebody else is no strike of ours${NEEDS}`, async () => {
    const served = await passthrough()
    const busy = python(`
import os
f = os.open('x', os.O_CREAT | os.O_WRONLY)
os.write(1, b'.')
while True: os.write(f, b'more')
`)
    served.begin({ fault: { fault: 'kill', at: { n: 2 ** 40 }, moment: 'before' } })
    const child = start(served, busy)
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    await served.whenGone()
    const seen = served.end()
    expect(child.signalCode).toBe('SIGKILL')
    expect(seen.struck).toBeNull()
    expectRebuilt(served, seen)
  })

  testPassthrough(
    `leaves no trace of a folder in the kernel's memory or in descriptors${NEEDS}`,
    async () => {
      const served = await passthrough()
      const descriptors = () => readdirSync('/proc/self/fd').length
      const fault = { fault: 'kill', at: { n: 12 }, moment: 'after' } as const
      await runLog(served, fault)
      const before = descriptors()
      for (let i = 0; i < 20; i++) await runLog(served, fault)
      // Forgotten files are told of when the kernel comes to it.
      await expect.poll(descriptors).toBeLessThanOrEqual(before)
    },
  )
})

testPassthrough(
  `a subject that still runs stands in the way of the next observation${NEEDS}`,
  async () => {
    const served = await passthrough()
    const child = start(served, ['sleep', '600'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await expect.poll(() => served.processes()).toEqual([child.pid])
    expect(() => served.begin()).toThrow(`process ${child.pid}`)
    await served.killAll()
    served.begin()
    expect(served.end().operations).toEqual([])
    expect(existsSync(`/proc/${child.pid}/root/nothing`)).toBe(false)
  },
)
