import { expect, test } from 'vitest'
import type { Device } from './device.ts'
import { allocateMemory, DeviceMemory, PAGE_BYTES } from './device-memory.ts'
import { statesOf } from './states.ts'
import { synthetic } from './testing/synthetic.ts'
import { imageOfState, View } from './view.ts'

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
    allocateMemory(RECORDING.template.length, { records: 1, logBytes: 0 }),
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
