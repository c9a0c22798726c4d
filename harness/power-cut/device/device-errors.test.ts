import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { scratch } from '../../volume/testing/scene.ts'
import { makeTemplate } from '../template.ts'
import { NEEDS, testPowerCuts } from '../testing/scene.ts'
import { Device } from './device.ts'
import { DeviceErrors, ERROR_WORDS } from './device-errors.ts'
import { NO_LOG } from './device-memory.ts'

const newErrors = (): DeviceErrors => new DeviceErrors(new SharedArrayBuffer(ERROR_WORDS * 4))

/** Which of so many requests fail. */
const failing = (count: number, meets: () => boolean): number[] =>
  Array.from({ length: count }, (_, at) => at + 1).filter(() => meets())

test('one write or flush fails, by its number from the order on', () => {
  const errors = newErrors()
  errors.meets('flush', 0, 0)
  errors.order({ ask: 'flush', number: 2, lasts: false })
  expect(failing(5, () => errors.meets('write', 0, 4096))).toEqual([])
  expect(failing(5, () => errors.meets('flush', 0, 0))).toEqual([2])
  expect(errors.counts).toEqual({ read: 0, write: 5, flush: 6 })
  expect(errors.struck).toBe(1)
})

test('an error that lasts fails all behind it, until it is lifted', () => {
  const errors = newErrors()
  errors.order({ ask: 'write', number: 3, lasts: true })
  expect(failing(5, () => errors.meets('write', 0, 4096))).toEqual([3, 4, 5])
  errors.lift()
  expect(failing(5, () => errors.meets('write', 0, 4096))).toEqual([])
  expect(errors.struck).toBe(3)
})

test('what could not be read stays unreadable until the error is lifted, and nothing else', () => {
  const errors = newErrors()
  errors.order({ ask: 'read', number: 2, lasts: false })
  expect(errors.meets('read', 4096, 4096)).toBe(false)
  expect(errors.meets('read', 8192, 4096)).toBe(true)
  expect(errors.meets('read', 4096, 4096)).toBe(false)
  expect(errors.meets('read', 4096, 8192)).toBe(true)
  expect(errors.meets('read', 12288, 4096)).toBe(false)
  expect(errors.meets('write', 8192, 4096)).toBe(false)
  errors.lift()
  expect(errors.meets('read', 8192, 4096)).toBe(false)
})

/** A device with a new file system, mounted; each read of it is one page. */
async function mounted(fileSystem: 'ext4' | 'xfs'): Promise<{ device: Device; path: string }> {
  const stateDirectory = scratch()
  const { image, mountOptions } = await makeTemplate({ fileSystem, stateDirectory })
  const sizeBytes = image.length
  const how = { inOrder: true, readsAhead: false, limits: NO_LOG }
  const device = await Device.create({ fileSystem, sizeBytes, stateDirectory, ...how })
  onTestFinished(() => device.remove())
  device.put(image)
  await device.mount(mountOptions)
  return { device, path: join(device.mountPoint, 'file') }
}

function writeAndSync(file: number, text: string): void {
  writeSync(file, text, 0)
  fsyncSync(file)
}

testPowerCuts.each([
  ['ext4 goes read-only', 'ext4', 'EROFS'],
  ['xfs shuts down', 'xfs', 'EIO'],
] as const)(`%s behind a flush that failed${NEEDS}`, async (_, fileSystem, code) => {
  const { device, path } = await mounted(fileSystem)
  const { errors } = device.memory
  const file = openSync(path, 'w')
  try {
    writeAndSync(file, 'one')
    errors.order({ ask: 'flush', number: 1, lasts: false })
    expect(() => writeAndSync(file, 'x'.repeat(9000))).toThrow(
      expect.objectContaining({ code: 'EIO' }),
    )
    // One that changes no size changes nothing that ext4 would look at first.
    expect(() => writeAndSync(file, 'x'.repeat(18_000))).toThrow(expect.objectContaining({ code }))
    expect(errors.struck).toBe(1)
  } finally {
    closeSync(file)
    errors.lift()
    await device.unmount()
  }
})

testPowerCuts.each(['ext4', 'xfs'] as const)(
  `a block of a file on %s can't be read until the error is over${NEEDS}`,
  async (fileSystem) => {
    const { device, path } = await mounted(fileSystem)
    const { errors } = device.memory
    writeFileSync(path, 'x'.repeat(9000), { flush: true })
    await device.unmount()
    device.put(device.memory.image)
    await device.mount([])
    errors.order({ ask: 'read', number: 2, lasts: false })
    for (const _ of [1, 2]) {
      expect(() => readFileSync(path)).toThrow(expect.objectContaining({ code: 'EIO' }))
    }
    errors.lift()
    expect(readFileSync(path, 'utf8')).toBe('x'.repeat(9000))
    await device.unmount()
  },
)
