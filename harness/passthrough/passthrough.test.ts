import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { killCgroup, processesIn, removeCgroup } from '../process/cgroup.ts'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { MachineError } from '../process/machine-error.ts'
import { statOf } from '../process/stat.ts'
import { abortFuse } from '../volume/abort-fuse.ts'
import { findLeftovers, removeLeftover, surveyFolders, surveyState } from '../volume/leftovers.ts'
import { mountsWithin } from '../volume/mounts.ts'
import { lacksFor, thisMachine } from '../volume/requirements.ts'
import { cgroupOf } from '../volume/served-folder.ts'
import { startChild } from '../volume/testing/child.ts'
import { expectNothingLeft, scratch, sh } from '../volume/testing/scene.ts'
import { createVolume } from '../volume/volume.ts'
import { Passthrough } from './passthrough.ts'
import type { PassthroughPlan } from './plan.ts'
import { NEEDS, passthrough, python, run, start, testPassthrough } from './testing/scene.ts'

const BUSY = `
import os
f = os.open('x', os.O_CREAT | os.O_WRONLY)
os.write(1, b'.')
while True:
    try: os.pwrite(f, b'more', 0)
    except OSError: pass
`

testPassthrough(`what is made is undone, to the last descriptor${NEEDS}`, async () => {
  const stateDirectory = scratch()
  const descriptors = () => readdirSync('/proc/self/fd').length
  const once = async () => {
    const served = await Passthrough.create({ stateDirectory })
    expect(surveyState(stateDirectory)).toEqual({ leftovers: [], foreign: [] })
    const cgroup = cgroupOf(dirname(served.mountPoint)) as string
    expect(existsSync(cgroup)).toBe(true)
    const seen = await run(served, ['sh', '-c', 'echo 1 > x; ls > y'])
    expect(seen.code).toBe(0)
    await served.remove()
    await served.remove()
    expect(existsSync(cgroup)).toBe(false)
    expectNothingLeft(stateDirectory)
  }
  await once()
  const before = descriptors()
  await once()
  expect(descriptors()).toBe(before)
})

testPassthrough(`an operation tells which files it is about${NEEDS}`, async () => {
  const served = await passthrough()
  const lines = python(`
import os
a = os.open('a', os.O_CREAT | os.O_WRONLY)
b = os.open('b', os.O_CREAT | os.O_WRONLY)
os.rename('a', 'b')
os.write(b, b'to the one that has no name')
os.rename('b', 'a')
os.link('a', 'c')
os.write(a, b'1')
os.unlink('c')
os.write(a, b'2')
`)
  const { operations } = await run(served, lines)
  const [one, other] = operations.map(({ file }) => file)
  expect(
    operations.map(({ kind, path, to, file, replaced }) => [kind, path, to, file, replaced]),
  ).toEqual([
    ['create', 'a', '', one, 0],
    ['create', 'b', '', other, 0],
    ['rename', 'a', 'b', one, other],
    ['write', 'b', '', other, 0],
    ['rename', 'b', 'a', one, 0],
    ['link', 'a', 'c', one, 0],
    ['write', 'c', '', one, 0],
    ['unlink', 'c', '', one, 0],
    ['write', 'a', '', one, 0],
  ])
  expect(one).not.toBe(other)
})

testPassthrough(`a write tells whether it goes past the page cache${NEEDS}`, async () => {
  const served = await passthrough()
  const lines = python(`
import mmap, os
page = mmap.mmap(-1, 8192)
for flags in (0, os.O_DIRECT):
    f = os.open('x', os.O_CREAT | os.O_WRONLY | flags)
    os.write(f, page)
`)
  const { operations } = await run(served, lines)
  const writes = operations.filter(({ kind }) => kind === 'write')
  expect(writes.map(({ direct }) => direct)).toEqual([false, true])
})

testPassthrough(
  `a file that gets the inode of one that is gone is another file${NEEDS}`,
  async (ctx) => {
    const lacks = lacksFor('ext4', thisMachine(CHILD_ENVIRONMENT.PATH ?? ''))
    if (lacks.length > 0) ctx.skip(`it needs ${lacks[0]?.what}`)
    const volume = await createVolume({ fileSystem: 'ext4', stateDirectory: scratch() })
    onTestFinished(() => volume.remove())
    // Registered later, it is undone before the volume that it stands on.
    const served = await passthrough({ backing: volume.mountPoint })
    const lines = python(`
import os
inodes = set()
for i in range(30):
    f = os.open('x', os.O_CREAT | os.O_WRONLY)
    inodes.add(os.fstat(f).st_ino)
    os.close(f)
    os.unlink('x')
print(len(inodes) < 30)
`)
    const { operations, said } = await run(served, lines)
    expect(said).toBe('True\n')
    const made = operations.flatMap(({ kind, file }) => (kind === 'create' ? file : []))
    expect(new Set(made).size).toBe(30)
  },
)

testPassthrough(`two directories are served side by side${NEEDS}`, async () => {
  const all = await Promise.all([passthrough(), passthrough()])
  const seen = await Promise.all(
    all.map((served, i) => run(served, ['sh', '-c', `for j in 1 2 3; do echo ${i} > $j; done`])),
  )
  for (const { operations } of seen) expect(operations).toHaveLength(6)
})

testPassthrough(`operations for which there is no room are told of${NEEDS}`, async () => {
  const few = await passthrough({ limits: { operations: 5, dataBytes: 1024 } })
  const lines = ['sh', '-c', 'for i in 1 2 3 4; do echo $i > $i; done'] as const
  const seen = await run(few, lines)
  expect(seen).toMatchObject({ code: 0, overflow: true })
  expect(seen.operations).toHaveLength(5)
  const large = await run(few, ['sh', '-c', 'head -c 2000 /dev/zero > big; echo > small'])
  expect(large).toMatchObject({ code: 0, overflow: true })
  expect(large.operations).toMatchObject([{ kind: 'create' }])
  expect(await run(few, ['sh', '-c', 'echo > last'])).toMatchObject({ overflow: false })
})

describe('where it is not served any more', () => {
  const BROKEN = /has died, or its connection was cut/

  testPassthrough(`a worker that dies is the harness's failure${NEEDS}`, async () => {
    const served = await passthrough()
    served.begin({ fault: { fault: 'no such fault' } } as unknown as PassthroughPlan)
    const child = start(served, ['sh', '-c', 'echo > x'])
    await once(child, 'close')
    await expect.poll(() => catching(() => served.end())).toMatch(BROKEN)
    expect(() => served.begin()).toThrow(MachineError)
    const late = start(served, ['true'])
    expect((await once(late, 'close'))[0]).not.toBe(0)
  })

  testPassthrough(`a connection that is cut is, too${NEEDS}`, async () => {
    const served = await passthrough()
    served.begin()
    const child = start(served, python(BUSY))
    const closed = once(child, 'close')
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    abortFuse(dirname(served.mountPoint))
    await expect.poll(() => catching(() => served.end())).toMatch(BROKEN)
    await served.remove()
    await closed
    expect(child.signalCode).toBe('SIGKILL')
  })

  function catching(act: () => unknown): string {
    try {
      act()
      return 'nothing'
    } catch (error) {
      return (error as Error).message
    }
  }
})

/** The code of a harness that serves a directory to a busy program, and says where. */
const SERVING = `
  const { spawn } = await import('node:child_process')
  const served = await Passthrough.create(options)
  served.begin()
  const [file, ...args] = served.commandInside(['python3', '-c', options.busy])
  const env = { PATH: process.env.PATH }
  const subject = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'], env })
  await new Promise((resolve) => subject.stdout.once('data', resolve))
  say({ mountPoint: served.mountPoint, pid: subject.pid })
`
interface Said {
  mountPoint: string
  pid: number
}
const isGone = (pid: number) => [undefined, 'Z'].includes(statOf(pid)?.state)

describe('a harness that is killed', () => {
  testPassthrough(`leaves what is found and undone, a busy subject with it${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`${SERVING} await wait()`, { stateDirectory, busy: BUSY })
    const { mountPoint, pid } = (await says()) as Said
    const cgroup = cgroupOf(dirname(mountPoint)) as string
    expect(await findLeftovers(stateDirectory)).toEqual([])
    expect(processesIn(cgroup)).toEqual([pid])
    child.kill('SIGKILL')
    await child
    const [leftover, ...others] = await findLeftovers(stateDirectory)
    expect(others).toEqual([])
    expect(leftover).toMatchObject({ directory: dirname(mountPoint), mountPoint })
    expect(isGone(pid)).toBe(false)
    await removeLeftover(leftover as { directory: string })
    await expect.poll(() => isGone(pid)).toBe(true)
    expect(existsSync(cgroup)).toBe(false)
    expectNothingLeft(stateDirectory)
  })

  testPassthrough(
    `and served a folder of a volume leaves both, first what stands on the other${NEEDS}`,
    async () => {
      const stateDirectory = scratch()
      const code = `
      const volume = await createVolume({ ...options, fileSystem: 'ext4', sizeBytes: 8 * 1024 * 1024 })
      await Passthrough.create({ ...options, backing: volume.mountPoint })
      say(1)
      await wait()`
      const { child, says } = startChild(code, { stateDirectory })
      await says()
      child.kill('SIGKILL')
      await child
      const leftovers = await findLeftovers(stateDirectory)
      expect(leftovers).toHaveLength(2)
      for (const leftover of leftovers) await removeLeftover(leftover)
      expectNothingLeft(stateDirectory)
    },
  )

  testPassthrough(`before it had mounted anything leaves what is undone${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`await Passthrough.create(options); say(1); await wait()`, {
      stateDirectory,
    })
    await says()
    child.kill('SIGKILL')
    await child
    const [leftover] = await findLeftovers(stateDirectory)
    const { directory } = leftover as { directory: string }
    const cgroup = cgroupOf(directory) as string
    for (const { mountPoint } of mountsWithin(directory).reverse()) {
      sh('umount', mountPoint)
    }
    expect(removeCgroup(cgroup)).toBe(true)
    await removeLeftover({ directory })
    expectNothingLeft(stateDirectory)
  })

  testPassthrough(`leaves what is undone when its folder is gone${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`${SERVING} await wait()`, { stateDirectory, busy: BUSY })
    const { mountPoint, pid } = (await says()) as Said
    const cgroup = cgroupOf(dirname(mountPoint)) as string
    child.kill('SIGKILL')
    await child
    for (const each of mountsWithin(stateDirectory)) sh('umount', '-l', each.mountPoint)
    rmSync(dirname(mountPoint), { recursive: true })
    expect(processesIn(cgroup)).toEqual([pid])
    const { leftovers } = surveyFolders([dirname(mountPoint)])
    expect(leftovers).toMatchObject([{ directory: dirname(mountPoint) }])
    await removeLeftover({ directory: dirname(mountPoint) })
    await expect.poll(() => isGone(pid)).toBe(true)
    expect(existsSync(cgroup)).toBe(false)
  })

  testPassthrough(`never has the cgroup of another one emptied${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const served = await passthrough()
    const { child, says } = startChild(`await Passthrough.create(options); say(1); await wait()`, {
      stateDirectory,
    })
    await says()
    child.kill('SIGKILL')
    await child
    const [leftover] = await findLeftovers(stateDirectory)
    const { directory } = leftover as { directory: string }
    const own = cgroupOf(directory) as string
    onTestFinished(() => {
      killCgroup(own)
      removeCgroup(own)
    })
    const bystander = start(served, ['sleep', '600'])
    await expect.poll(() => served.processes()).toEqual([bystander.pid])
    const other = cgroupOf(dirname(served.mountPoint)) as string
    writeFileSync(join(directory, 'cgroup'), `${other}\n`)
    expect(basename(readFileSync(join(directory, 'cgroup'), 'utf8').trim())).toBe(basename(other))
    await removeLeftover({ directory })
    expect(served.processes()).toEqual([bystander.pid])
    await served.killAll()
  })
})

describe('a harness that ends by itself', () => {
  testPassthrough.each([
    ['with an idle directory', 'await Passthrough.create(options); say(1); process.exit(7)', 7],
    ['with a busy subject', `${SERVING} process.exit(7)`, 7],
    ['at an error that nobody catches', `${SERVING} throw new Error('x')`, 1],
  ])(`%s does not hang, and leaves nothing${NEEDS}`, async (_, code, exitCode) => {
    const stateDirectory = scratch()
    const { child, says } = startChild(code, { stateDirectory, busy: BUSY })
    const said = (await says()) as Said | 1
    expect((await child).exitCode).toBe(exitCode)
    expectNothingLeft(stateDirectory)
    if (said !== 1) await expect.poll(() => isGone(said.pid)).toBe(true)
  })

  testPassthrough(`by SIGTERM leaves nothing${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`${SERVING} await wait()`, { stateDirectory, busy: BUSY })
    const { pid } = (await says()) as Said
    child.kill('SIGTERM')
    expect((await child).signal).toBe('SIGTERM')
    expectNothingLeft(stateDirectory)
    await expect.poll(() => isGone(pid)).toBe(true)
  })
})
