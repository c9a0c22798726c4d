import { PAGE_BYTES } from '../crash-states/device-request.ts'
import { applyState } from '../crash-states/image.ts'
import { applyRequest, type Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import type { Device } from './device/device.ts'

/** Puts one state after another on a device: only the pages that differ are written, or undone. */
export class View {
  readonly #device: Device
  readonly #recording: Recording
  /** What is durable at `#position`. */
  #durable: Uint8Array
  #position = 0
  /** The pages in which the device may differ from what is durable. */
  readonly #pages = new Set<number>()

  constructor(device: Device, recording: Recording) {
    this.#device = device
    this.#recording = recording
    this.#durable = recording.template.slice()
    device.put(recording.template)
  }

  /** Puts a state on the device, which is not mounted; what was written meanwhile is undone. */
  show(state: CrashState): void {
    const { memory } = this.#device
    for (const page of this.#device.collectWrites()) this.#pages.add(page)
    this.#moveTo(state.epoch.fromPosition)
    for (const page of this.#pages) {
      const at = page * PAGE_BYTES
      memory.image.set(this.#durable.subarray(at, at + PAGE_BYTES), at)
    }
    const undone = [...this.#pages]
    this.#pages.clear()
    applyState(memory.image, this.#recording, state)
    for (const request of state.kept) this.#notePages(request)
    this.#device.tellChanged(rangesOf([...undone, ...this.#pages]))
  }

  #moveTo(position: number): void {
    if (position < this.#position) {
      for (let at = 0; at < this.#position; at++) this.#notePages(at)
      this.#durable = this.#recording.template.slice()
      this.#position = 0
    }
    const { requests, data } = this.#recording
    for (; this.#position < position; this.#position++) {
      applyRequest(this.#durable, requests[this.#position] as (typeof requests)[0], data)
      this.#notePages(this.#position)
    }
  }

  #notePages(number: number): void {
    const { offsetBytes, sizeBytes } = this.#recording.requests[number] as {
      offsetBytes: number
      sizeBytes: number
    }
    const end = (offsetBytes + sizeBytes) / PAGE_BYTES
    for (let page = Math.floor(offsetBytes / PAGE_BYTES); page < end; page++) this.#pages.add(page)
  }
}

/** Neighbouring pages as ranges of bytes. */
function rangesOf(pages: number[]): { offsetBytes: number; sizeBytes: number }[] {
  const ranges: { offsetBytes: number; sizeBytes: number }[] = []
  let next = -1
  for (const page of pages.sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && page <= next) {
      last.sizeBytes += page === next ? PAGE_BYTES : 0
    } else ranges.push({ offsetBytes: page * PAGE_BYTES, sizeBytes: PAGE_BYTES })
    next = page + 1
  }
  return ranges
}
