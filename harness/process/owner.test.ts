import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isAlive, isOwner, lifeOf, type Owner, ownerOfThisProcess, ownerWithPid } from './owner.ts'
import { scriptPath } from './script.ts'
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
  { ...ME, pidNamespace: 7 },
  { pid: 1 },
])('%j is no owner', (value) => {
  expect(isOwner(ME)).toBe(true)
  expect(isOwner(value)).toBe(false)
})

const asRoot = test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)

/** Starts a Node in a PID namespace of its own, which tells what it thinks of owners. */
function inNamespace(...flags: string[]) {
  const module = JSON.stringify(scriptPath('harness/process/owner.js'))
  const code = `
    import { createInterface } from 'node:readline'
    import { lifeOf, ownerOfThisProcess } from ${module}
    console.log(JSON.stringify(ownerOfThisProcess()))
    for await (const line of createInterface(process.stdin)) console.log(lifeOf(JSON.parse(line)))`
  const node = [process.execPath, '--input-type=module', '--eval', code]
  const child = spawn('unshare', ['--pid', '--fork', '--kill-child', ...flags, ...node], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const says = async (): Promise<string> => (await lines.next()).value as string
  const lifeOfThere = async (owner: Owner): Promise<string> => {
    child.stdin.write(`${JSON.stringify(owner)}\n`)
    return await says()
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  return { says, lifeOfThere, kill }
}

describe('an owner in another PID namespace', () => {
  asRoot.each([['--mount-proc'], []])('is seen to live, and to die (%s)', async (...flags) => {
    const { says, kill } = inNamespace(...flags)
    const owner = JSON.parse(await says()) as Owner
    expect(owner.pid).toBe(1)
    expect(owner.pidNamespace).not.toBe(ME.pidNamespace)
    expect([lifeOf(owner), lifeOf({ ...owner, pid: 2 })]).toEqual(['alive', 'dead'])
    expect(lifeOf({ ...owner, startTicks: 1 })).toBe('dead')
    await kill()
    expect(lifeOf(owner)).toBe('dead')
  })

  asRoot(
    'that /proc does not show is unseen, and another one of its number is not taken for it',
    async () => {
      const { says, lifeOfThere } = inNamespace('--mount-proc')
      const owner = JSON.parse(await says()) as Owner
      expect(await lifeOfThere(owner)).toBe('alive')
      expect(await lifeOfThere(ME)).toBe('unseen')
      expect(await lifeOfThere({ ...ME, pid: 1, startTicks: owner.startTicks })).toBe('unseen')
      expect(await lifeOfThere({ ...ME, bootId: 'another' })).toBe('dead')
    },
  )

  asRoot('whose /proc is still the outer one knows itself', async () => {
    const { says, lifeOfThere } = inNamespace()
    const owner = JSON.parse(await says()) as Owner
    expect(await lifeOfThere(owner)).toBe('alive')
    expect(await lifeOfThere(ME)).toBe('alive')
    expect(await lifeOfThere({ ...owner, pid: 2 ** 22 })).toBe('dead')
  })
})
