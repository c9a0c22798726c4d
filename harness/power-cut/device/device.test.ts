import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { REQUEST } from '../../crash-states/device-request.ts'
import { applyRequest } from '../../crash-states/recording.ts'
import { commandInside, namedInside } from '../../process/namespace.ts'
import { findLeftovers, removeLeftover } from '../../volume/leftovers.ts'
import { mountsWithin } from '../../volume/mounts.ts'
import { startChild } from '../../volume/testing/child.ts'
import { expectNothingLeft, scratch } from '../../volume/testing/scene.ts'
import { makeTemplate, type Template } from '../template.ts'
import { NEEDS, rigFor, testPowerCuts } from '../testing/scene.ts'
import { Device } from './device.ts'
import { type DeviceLimits, MODE } from './device-memory.ts'
import { HeldDevice } from './free-device.ts'

/** A device that holds a new ext4, and records from now on. */
async function recorder(
  options: { fileSystem?: 'ext4' | 'xfs'; limits?: DeviceLimits; stateDirectory?: string } = {},
): Promise<{ device: Device; template: Template }> {
  const { fileSystem = 'ext4', stateDirectory = scratch(), ...rest } = options
  const template = await makeTemplate({ fileSystem, stateDirectory })
  const sizeBytes = template.image.length
  const device = await Device.create({
    fileSystem,
    sizeBytes,
    inOrder: true,
    stateDirectory,
    ...rest,
  })
  onTestFinished(() => device.remove())
  device.put(template.image)
  device.memory.mode = MODE.record
  return { device, template }
}

function writeAndSync(path: string, text: string): void {
  const file = openSync(path, 'w')
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

testPowerCuts.each(['ext4', 'xfs'] as const)(
  `all that %s sends is recorded in order, and its flushes are as many as the kernel counts${NEEDS}`,
  async (fileSystem) => {
    const { device, template } = await recorder({ fileSystem })
    const { memory } = device
    const before = device.kernelFlushes
    await device.mount(template.mountOptions)
    for (let i = 0; i < 5; i++) writeAndSync(join(device.mountPoint, `file-${i}`), 'x'.repeat(5000))
    await device.unmount()
    const { requests, data } = memory.copyLog()
    const flushes = requests.filter(({ kind }) => kind === REQUEST.flush).length
    expect(flushes).toBeGreaterThanOrEqual(5)
    while (device.kernelFlushes - before < flushes) await sleep(5)
    expect(device.kernelFlushes - before).toBe(flushes)
    const image = Buffer.from(template.image)
    for (const request of requests) applyRequest(image, request, data)
    expect(image.equals(memory.image)).toBe(true)
    device.assertServing()
  },
)

testPowerCuts(
  `what is put on it is what is mounted next, and not what was cached${NEEDS}`,
  async () => {
    const { device, template } = await recorder()
    const { memory } = device
    const path = join(device.mountPoint, 'file')
    const images: Buffer[] = []
    for (const text of ['one', 'two']) {
      await device.mount(template.mountOptions)
      writeAndSync(path, text)
      await device.unmount()
      images.push(Buffer.from(memory.image))
    }
    // Whoever holds the block device open keeps its cache alive over an unmount.
    const holder = openSync(device.loopDevice, 'r')
    onTestFinished(() => closeSync(holder))
    for (const [index, text] of ['one', 'two', 'one'].entries()) {
      device.put(images[index % 2] as Buffer)
      await device.mount(template.mountOptions)
      expect(readFileSync(path, 'utf8')).toBe(text)
      await device.unmount()
    }
  },
)

testPowerCuts(
  `a device that is not in order is sent no flush, and holds what was written once it is collected${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const { image, mountOptions } = await makeTemplate({ fileSystem: 'ext4', stateDirectory })
    const device = await Device.create({
      fileSystem: 'ext4',
      sizeBytes: image.length,
      inOrder: false,
      stateDirectory,
    })
    onTestFinished(() => device.remove())
    const path = join(device.mountPoint, 'file')
    device.put(image)
    const flushes = device.kernelFlushes
    await device.mount(mountOptions)
    expect(mountsWithin(mountPointOf(device), device.namespace).at(-1)).toMatchObject({
      source: device.loopDevice,
      options: expect.stringContaining('noatime'),
    })
    writeAndSync(path, 'kept')
    await device.unmount()
    expect(device.collectWrites().length).toBeGreaterThan(0)
    // What the kernel has cached is forgotten with this.
    device.put(Buffer.from(device.memory.image))
    await device.mount(mountOptions)
    expect(readFileSync(path, 'utf8')).toBe('kept')
    await device.unmount()
    expect(device.kernelFlushes).toBe(flushes)
  },
)

testPowerCuts(`a full log is the machine’s error, with a way out${NEEDS}`, async () => {
  const limits = { requests: 1000, logBytes: 64 * 1024 }
  const { device, template } = await recorder({ limits })
  await device.mount(template.mountOptions)
  const path = join(device.mountPoint, 'file')
  try {
    expect(() => {
      for (;;) writeAndSync(path, 'x'.repeat(20_000))
    }).toThrow()
  } finally {
    await device.unmount()
  }
  expect(() => device.assertServing()).toThrow(
    expect.objectContaining({
      name: 'MachineError',
      message: expect.stringContaining('log is full'),
      remedy: expect.stringContaining('limits'),
    }),
  )
})

/** The descriptor on which this process serves a device. */
function openFuse(): number {
  const names = readdirSync('/proc/self/fd')
  const found = names.find((name) => linkOf(`/proc/self/fd/${name}`) === '/dev/fuse')
  return Number(found)
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** Code that makes a device and mounts it, with a file there that was not synced. */
const makes = (inOrder: boolean): string => `
  const { image, mountOptions } = await makeTemplate({ ...options, fileSystem: 'ext4' })
  const device = await Device.create({
    ...options, fileSystem: 'ext4', sizeBytes: image.length, inOrder: ${inOrder} })
  device.put(image)
  await device.mount(mountOptions)
  writeFileSync(device.mountPoint + '/file', 'x'.repeat(100_000))
  say(device.mountPoint)`

describe.each([
  ['in order', true],
  ['not in order', false],
] as const)('nothing is left of a mounted device, %s, whose process', (_, inOrder) => {
  const MAKE = makes(inOrder)

  testPowerCuts.each([
    ['comes to its end', '', 0],
    ['exits', 'process.exit(7)', 7],
    ['throws', 'throw new Error("meant")', 1],
    ['exits while it mounts', 'device.unmount().then(() => device.mount([])); process.exit(7)', 7],
  ])(`%s${NEEDS}`, async (_how, code, exitCode) => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`${MAKE}; ${code}`, { stateDirectory })
    expect(await says()).toContain(stateDirectory)
    expect(await child).toMatchObject({ exitCode })
    expectNothingLeft(stateDirectory)
  })

  testPowerCuts(`is ended by SIGTERM${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`${MAKE}; await wait()`, { stateDirectory })
    await says()
    child.kill('SIGTERM')
    expect(await child).toMatchObject({ signal: 'SIGTERM', stderr: '' })
    expectNothingLeft(stateDirectory)
  })

  testPowerCuts(`is killed, once what it left is removed${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`${MAKE}; await wait()`, { stateDirectory })
    await says()
    child.kill('SIGKILL')
    await child
    const [leftover] = await findLeftovers(stateDirectory)
    // What was mounted went with the namespace, and that with its thread.
    expect(leftover).toMatchObject({
      mountPoint: null,
      loopDevices: [expect.stringMatching(/loop/)],
    })
    if (leftover !== undefined) await removeLeftover(leftover)
    expectNothingLeft(stateDirectory)
  })

  testPowerCuts.each([
    ['it mounts', ''],
    ['its writes are collected', "writeFileSync(device.mountPoint + '/file', 'y'.repeat(1e6))"],
  ])(`is killed while %s, once what it left is removed${NEEDS}`, async (_while, write) => {
    const stateDirectory = scratch()
    const again = `${write}; await device.unmount(); device.collectWrites(); await device.mount(mountOptions)`
    const { child, says } = startChild(`${MAKE}; for (;;) { ${again} }`, { stateDirectory })
    await says()
    await sleep(50)
    child.kill('SIGKILL')
    const leftovers = await vi.waitFor(async () => {
      const found = await findLeftovers(stateDirectory)
      expect(found).toHaveLength(1)
      return found
    })
    for (const leftover of leftovers) await removeLeftover(leftover)
    await child
    expectNothingLeft(stateDirectory)
  })
})

/** A process that holds on to something until the test's end: `sh` runs `script` and says when it is there. */
async function holder(script: string, prefix: readonly string[] = []): Promise<ChildProcess> {
  const [file, ...args] = [...prefix, 'sh', '-c', `${script}echo there; exec sleep 600`]
  const child = spawn(file as string, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout as Readable, 'data')
  return child
}

describe('what was unmounted is not what is mounted next', () => {
  /** Mounts two images in turn, and reads what each holds; `onMounted` is called at the first. */
  async function readTwo(onMounted: (device: Device) => Promise<unknown>): Promise<string[]> {
    const { device, template } = await recorder()
    const path = (): string => join(device.mountPoint, 'file')
    const images: Buffer[] = []
    for (const text of ['one', 'two']) {
      await device.mount(template.mountOptions)
      writeAndSync(path(), text)
      await device.unmount()
      images.push(Buffer.from(device.memory.image))
    }
    const seen: string[] = []
    for (const image of images) {
      device.put(image)
      await device.mount(template.mountOptions)
      if (seen.length === 0) await onMounted(device)
      seen.push(readFileSync(path(), 'utf8'))
      await device.unmount()
    }
    return seen
  }

  testPowerCuts(`when a mount namespace is made in between${NEEDS}`, async () => {
    expect(await readTwo(() => holder('', ['unshare', '--mount']))).toEqual(['one', 'two'])
  })

  testPowerCuts(`when somebody holds on to it for a moment${NEEDS}`, async () => {
    const hold = async (device: Device): Promise<void> => {
      const enter = commandInside(device.namespace, ['unshare', '--mount'])
      const child = await holder('', enter)
      setTimeout(() => child.kill('SIGKILL'), 100)
    }
    expect(await readTwo(hold)).toEqual(['one', 'two'])
  })

  testPowerCuts.each([
    ['has a copy of its mount', () => '', ['unshare', '--mount']],
    ['is in a directory there', (device: Device) => `cd ${mountPointOf(device)}; `, []],
  ] as const)(
    `when somebody who %s does not let go: the device is of no use any more, and says who it is${NEEDS}`,
    async (_, script, prefix) => {
      const stateDirectory = scratch()
      const { device, template } = await recorder({ stateDirectory })
      await device.mount(template.mountOptions)
      const enter = commandInside(device.namespace, ['env', ...prefix])
      const child = await holder(script(device), enter)
      await expect(device.unmount()).rejects.toMatchObject({
        name: 'MachineError',
        message: `${device.loopDevice} is still in use after its unmount: process ${child.pid} (sleep) holds it`,
      })
      expect(() => device.put(template.image)).toThrow(HeldDevice)
      child.kill('SIGKILL')
      await once(child, 'exit')
      await device.remove()
      expectNothingLeft(stateDirectory)
    },
  )
})

/** Where a device is mounted, in its namespace. */
const mountPointOf = ({ namespace, mountPoint }: Device): string =>
  namedInside(namespace, mountPoint)

testPowerCuts(
  `a device is undone although somebody has a copy of the file that it is served by${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const { device } = await recorder({ stateDirectory })
    await holder('', ['unshare', '--mount'])
    await device.remove()
    expectNothingLeft(stateDirectory)
  },
)

testPowerCuts(
  `a process comes to its end although somebody has a copy of the file that serves its device${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const code = `${makes(false)}; await new Promise((go) => process.stdin.once('data', go)); process.exit()`
    const { child, says } = startChild(code, { stateDirectory })
    await says()
    await holder('', ['unshare', '--mount'])
    child.stdin?.write('go')
    expect(await child).toMatchObject({ exitCode: 0, stderr: '' })
    expectNothingLeft(stateDirectory)
  },
)

testPowerCuts(`the next rig removes what a killed process left of its device${NEEDS}`, async () => {
  const stateDirectory = scratch()
  const { child, says } = startChild(`${makes(false)}; await wait()`, { stateDirectory })
  await says()
  child.kill('SIGKILL')
  await child
  const rig = await rigFor({ fileSystem: 'ext4', stateDirectory, lanes: 1 })
  expect(await findLeftovers(stateDirectory)).toEqual([])
  await rig.remove()
  expectNothingLeft(stateDirectory)
})

testPowerCuts(
  `a worker that dies leaves nobody waiting: what was under way fails${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const { device, template } = await recorder({ stateDirectory })
    await device.mount(template.mountOptions)
    const path = join(device.mountPoint, 'file')
    closeSync(openFuse())
    expect(() => {
      writeFileSync(path, 'x'.repeat(5000), { flush: true })
      writeFileSync(path, 'x'.repeat(5000), { flush: true })
    }).toThrow(/^E[A-Z]+: /)
    await vi.waitFor(() =>
      expect(() => device.assertServing()).toThrow('the worker that serves the device has died'),
    )
    expect(() => device.collectWrites()).toThrow('the worker that serves the device has died')
    await device.remove()
    expectNothingLeft(stateDirectory)
  },
)
