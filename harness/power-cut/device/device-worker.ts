import { closeSync, writevSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { REQUEST } from '../../crash-states/device-request.ts'
import { ERRNO, OPCODE, UNANSWERED } from '../../fuse/opcodes.ts'
import { serveUntilOver } from '../../fuse/serve-until-over.ts'
import { DeviceMemory, FAILURE, MODE, type SharedMemory } from './device-memory.ts'
import { attributesBody, FuseRequest, headerOf, initBody, statfsBody, writtenBody } from './fuse.ts'

/** What the worker is given: the open /dev/fuse, and the memory that it serves. */
export interface DeviceWorkerData {
  fuse: number
  memory: SharedMemory
  /** Whether the kernel is to send each write and flush at once. */
  inOrder: boolean
  /** Whether the kernel may read more than it was asked for. */
  readsAhead: boolean
}

const { fuse, memory: shared, inOrder, readsAhead } = workerData as DeviceWorkerData
const memory = new DeviceMemory(shared)
const request = new FuseRequest()

/** What a request is answered: a body, or an error. */
type Answer = Uint8Array | { errno: number }
const EMPTY = new Uint8Array(0)

function write(): Answer {
  const { offsetBytes, sizeBytes, data } = request
  if (memory.errors.meets('write', offsetBytes, sizeBytes)) return { errno: ERRNO.EIO }
  if (memory.mode === MODE.record && !memory.add(REQUEST.write, offsetBytes, sizeBytes, data)) {
    return { errno: ERRNO.ENOSPC }
  }
  memory.image.set(data, offsetBytes)
  memory.markDirty(offsetBytes, sizeBytes)
  return writtenBody(sizeBytes)
}

/** The loop device discards and zeroes by fallocate(2); either way the range reads as zeros. */
function zero(): Answer {
  const { offsetBytes, lengthBytes } = request
  if (memory.mode === MODE.record && !memory.add(REQUEST.zero, offsetBytes, lengthBytes)) {
    return { errno: ERRNO.ENOSPC }
  }
  memory.image.fill(0, offsetBytes, offsetBytes + lengthBytes)
  memory.markDirty(offsetBytes, lengthBytes)
  return EMPTY
}

function flush(): Answer {
  // The kernel takes it that there is nothing to flush here, and never asks again.
  if (!inOrder) return { errno: ERRNO.ENOSYS }
  if (memory.errors.meets('flush', 0, 0)) return { errno: ERRNO.EIO }
  if (memory.mode === MODE.record && !memory.add(REQUEST.flush, 0, 0)) return { errno: ERRNO.EIO }
  memory.countFlush()
  return EMPTY
}

function read(): Answer {
  const { offsetBytes, sizeBytes } = request
  if (memory.errors.meets('read', offsetBytes, sizeBytes)) return { errno: ERRNO.EIO }
  return memory.image.subarray(offsetBytes, offsetBytes + sizeBytes)
}

const HANDLERS: Partial<Record<number, () => Answer>> = {
  [OPCODE.read]: read,
  [OPCODE.write]: write,
  [OPCODE.fsync]: flush,
  [OPCODE.fallocate]: zero,
  [OPCODE.init]: () => initBody(request.offered, { inOrder, readsAhead }),
  [OPCODE.getattr]: () => attributesBody(memory.image.length),
  [OPCODE.setattr]: () => attributesBody(memory.image.length),
  [OPCODE.statfs]: () => statfsBody(memory.image.length),
  [OPCODE.destroy]: () => EMPTY,
}

/** What has no handler, such as opening the file and closing it, the kernel does without from then on. */
function serve(): void {
  const { opcode, unique } = request
  if (UNANSWERED.has(opcode)) return
  const answer = HANDLERS[opcode]?.() ?? { errno: ERRNO.ENOSYS }
  const [body, errno] = 'errno' in answer ? [EMPTY, answer.errno] : [answer, 0]
  writevSync(fuse, [headerOf(unique, body.length, errno), body])
}

try {
  parentPort?.postMessage('serving')
  serveUntilOver(fuse, request.bytes, serve)
} finally {
  memory.failure = FAILURE.broken
  // With nobody to answer, whoever reads or writes the file would wait for ever.
  if (memory.close()) closeSync(fuse)
}
