import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PAGE_BYTES } from '../crash-states/device-request.ts'
import { imageOfState } from '../crash-states/image.ts'
import { statesOf } from '../crash-states/states.ts'
import { synthetic } from '../crash-states/testing/synthetic.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { scratch } from '../volume/testing/scene.ts'
import { Device } from './device/device.ts'
import { allocateMemory, DeviceMemory } from './device/device-memory.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'
import { View } from './view.ts'

const RECORDING = synthetic([
  { sector: 0, fills: [1, 2, 3] },
  'flush',
  { sector: 30, fills: [4] },
  { sector: 2, fills: [5, 6] },
  'flush',
  { sector: 64, fills: [7, 8, 9] },
])

/** A device that is nothing but memory, and what the kernel was told of it. */
function memoryDevice() {
  const memory = new DeviceMemory(
    allocateMemory(RECORDING.template.length, { requests: 1, logBytes: 0 }),
  )
  const cached = memory.image.slice()
  const collectWrites: Device['collectWrites'] = () => memory.takeDirtyPages()
  const put: Device['put'] = (image) => {
    collectWrites()
    for (const copy of [memory.image, cached]) copy.set(image)
  }
  const tellChanged: Device['tellChanged'] = (ranges) => {
    for (const { offsetBytes, sizeBytes } of ranges) {
      cached.set(memory.image.subarray(offsetBytes, offsetBytes + sizeBytes), offsetBytes)
    }
  }
  return { memory, cached, device: { memory, collectWrites, put, tellChanged } as Device }
}

test('each state is shown as it is, in any order, and whatever a mount wrote in between is undone', () => {
  const { memory, cached, device } = memoryDevice()
  const view = new View(device, RECORDING)
  const { distinct } = statesOf(RECORDING, 3)
  for (const [index, state] of [...distinct, ...distinct.toReversed()].entries()) {
    view.show(state)
    const expected = imageOfState(RECORDING, state)
    expect(Buffer.from(memory.image).equals(expected)).toBe(true)
    expect(Buffer.from(cached).equals(expected)).toBe(true)
    const page = index % (RECORDING.template.length / PAGE_BYTES)
    for (const image of [memory.image, cached]) image[page * PAGE_BYTES] = 0xee
    memory.markDirty(page * PAGE_BYTES, 1)
  }
})

testPowerCuts.each(['ext4', 'xfs'] as const)(
  `the disk of a state on %s is that state to the byte, whatever was mounted and written there before${NEEDS}`,
  async (fileSystem) => {
    const rig = await rigFor({ fileSystem, lanes: 0 })
    const recording = await rig.record('wal', planPowerCut(1, 1))
    const stateDirectory = scratch()
    const sizeBytes = recording.template.length
    const device = await Device.create({ fileSystem, sizeBytes, inOrder: false, stateDirectory })
    onTestFinished(() => device.remove())
    // Whoever holds the block device open keeps its cache alive over an unmount.
    const holder = openSync(device.loopDevice, 'r')
    onTestFinished(() => closeSync(holder))
    const view = new View(device, recording)
    for (const state of statesOf(recording, 1).distinct.slice(0, 24)) {
      view.show(state)
      expect(readFileSync(device.loopDevice).equals(imageOfState(recording, state))).toBe(true)
      await device.mount(recording.mountOptions)
      writeFileSync(join(device.mountPoint, 'after'), 'x'.repeat(10_000), { flush: true })
      await device.unmount()
    }
  },
)
