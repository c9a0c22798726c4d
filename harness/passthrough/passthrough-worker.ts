import { closeSync, writevSync } from 'node:fs'
import { constants } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { OPCODE, UNANSWERED } from '../fuse/opcodes.ts'
import { answerHeader, Request } from '../fuse/request.ts'
import { serveUntilOver } from '../fuse/serve-until-over.ts'
import { loadSystemCalls } from '../process/system-calls.ts'
import { abortConnections } from '../volume/abort-fuse.ts'
import { type Answer, Conductor } from './conductor.ts'
import { Executioner } from './executioner.ts'
import { Nodes } from './nodes.ts'
import { SERVED } from './served/index.ts'
import { EMPTY } from './served/row.ts'
import { FAILURE, type SharedTrace, TraceMemory } from './trace-memory.ts'

/** What the worker is given: the open /dev/fuse, the folder behind it, and the memory of orders and operations. */
export interface PassthroughWorkerData {
  fuse: number
  /** The number that the kernel gave the connection. */
  connection: string
  backing: string
  /** Whose processes are the subject; null where there are no cgroups. */
  cgroup: string | null
  trace: SharedTrace
}

const { fuse, connection, backing, cgroup, trace } = workerData as PassthroughWorkerData
const NOT_SERVED: Answer = { body: EMPTY, errno: constants.errno.ENOSYS }
const memory = new TraceMemory(trace)

function answer(unique: number, body: Uint8Array, errno: number): void {
  writevSync(fuse, [answerHeader(unique, body.length, errno), body])
}

function serve(request: Request, conductor: Conductor): void {
  request.renew()
  const { opcode, unique } = request.header
  const row = SERVED[opcode]
  const { body, errno } = row === undefined ? NOT_SERVED : conductor.serve(row)
  if (!UNANSWERED.has(opcode)) answer(unique, body, errno)
  // Until then no request is let in, nor does its time limit hold.
  if (opcode === OPCODE.init) parentPort?.postMessage('serving')
}

try {
  // An error that is answered needs no stack, which costs more than the call that failed.
  Error.stackTraceLimit = 0
  const request = new Request()
  const executioner = new Executioner(cgroup)
  const nodes = new Nodes(backing)
  const calls = await loadSystemCalls()
  const conductor = new Conductor({ request, nodes, calls, memory, executioner, fuse })
  try {
    serveUntilOver(fuse, request.bytes, () => serve(request, conductor))
  } finally {
    conductor.close()
  }
} catch (error) {
  // Closing it is not enough: a child that this process is just about to start has a copy of the descriptor.
  abortConnections([connection])
  throw error
} finally {
  memory.failure = FAILURE.broken
  // With nobody to answer, whoever uses the directory would wait for ever.
  if (memory.close()) closeSync(fuse)
}
