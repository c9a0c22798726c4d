import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { inspectWal, judgeSafePoint } from '../../subjects/wal/inspect.ts'
import { KeptProcess } from '../disk-subject/kept-process.ts'
import type { Operation } from '../disk-subject/operations.ts'
import { traceWriter } from '../disk-subject/trace.ts'
import type { Inspection } from '../oracle/judge.ts'
import { payloadsOf } from '../plan/workload.ts'
import { MachineError } from '../process/machine-error.ts'
import type { Runtime } from '../process/runtime.ts'
import { isVictim, onChildStart } from '../testing/children.ts'
import { dyingRuntime } from '../testing/dying-runtime.ts'
import { makeOpeningHang } from '../testing/hang.ts'
import { temporaryDirectory, withTemporaryDirectory } from '../testing/temporary-directory.ts'
import type { Fault, FaultToDeliver } from './faults/index.ts'
import { type IterationContext, type IterationResult, runIteration } from './iteration.ts'

const WORKLOAD = { seed: 0, stream: 0, entries: 3 }

interface Run {
  directory?: string
  faults: FaultToDeliver[]
  context?: Partial<IterationContext>
}

/** Runs an iteration of our log with these faults. */
async function run({ directory, faults, context = {} }: Run): Promise<IterationResult> {
  const root = temporaryDirectory()
  const timeoutMs = 60_000
  const recoverer = new KeptProcess({ home: HOME, timeoutMs })
  const writer = new KeptProcess({ home: HOME, timeoutMs, role: 'writer' })
  onTestFinished(() => recoverer.stop())
  onTestFinished(() => writer.stop())
  const iteration = { iteration: 1, workload: WORKLOAD, faults }
  return await runIteration(iteration, directory ?? join(root, 'log'), {
    subject: 'wal',
    recoverer,
    writer,
    timeoutMs,
    home: HOME,
    writerOperations: (entries) => {
      const payloads = Array.from({ length: entries }, () => ({}))
      return traceWriter(join(root, 'counted'), payloads, { home: HOME, subject: 'wal', timeoutMs })
    },
    ...context,
  })
}

/** A kill of the writer in its second append, at an operation of that name. */
async function killAfter(name: string, subject = 'wal'): Promise<Fault> {
  const options = { home: HOME, subject, timeoutMs: 60_000 }
  const payloads = payloadsOf(WORKLOAD)
  const operations = await withTemporaryDirectory((path) => traceWriter(path, payloads, options))
  const { number } = operations.find(
    (operation) => operation.during === 'append 2' && operation.name === name,
  ) as Operation
  return { kind: 'kill', process: 'writer', point: { moment: 'after', number, name: '' } }
}

/** What runs the recoveries of an iteration; its processes are ended after the test. */
function recoveringIn(runtime: Runtime): Partial<IterationContext> {
  const recoverer = new KeptProcess({ home: HOME, timeoutMs: 2000, runtime })
  onTestFinished(() => recoverer.stop())
  return { recoverer }
}

let kill: Fault
beforeAll(async () => {
  kill = await killAfter('wal-sync')
})

const NEVER: Fault = {
  kind: 'kill',
  process: 'writer',
  point: { moment: 'before', number: 9999, name: 'append 3: wal-sync' },
}

describe('passes', () => {
  test('a kill of the writer, and says where it struck', async () => {
    const result = await run({ faults: [kill] })
    expect(result).toMatchObject({ verdict: 'pass', delivered: true, failures: [], reason: null })
    expect(result).toMatchObject({ acked: 1, recovered: 1 })
    expect(result.faults).toMatchObject([{ point: { name: 'append 2: wal-sync' } }])
  })

  test('a kill at a share of a write, and says after how many bytes', async () => {
    const point = { moment: 'within', operationShare: 65535, bytesShare: 32768 } as const
    const result = await run({ faults: [{ kind: 'kill', process: 'writer', point }] })
    expect(result).toMatchObject({ verdict: 'pass', delivered: true, acked: 2 })
    expect(result.faults).toEqual([
      {
        kind: 'kill',
        process: 'writer',
        point: {
          moment: 'within',
          number: expect.any(Number),
          name: 'append 3: safe-seq-tmp-write',
          writtenBytes: 4,
        },
      },
    ])
  })

  test('a kill of the writer and then of its recovery', async () => {
    const share = { moment: 'after', operationShare: 40000, bytesShare: 0 } as const
    const result = await run({
      faults: [kill, { kind: 'kill', process: 'recovery', point: share }],
    })
    expect(result).toMatchObject({ verdict: 'pass', delivered: true })
    expect(result.faults).toMatchObject([{ process: 'writer' }, { process: 'recovery' }])
    const [, second] = result.faults
    expect(second?.kind === 'kill' && second.point.name).toMatch(/^open: /)
  })

  test.each(['frame', 'partial', 'zeros', 'huge-length'] as const)(
    'a phantom (%s) behind the log’s back',
    async (shape) => {
      const result = await run({ faults: [{ kind: 'phantom', shape }] })
      expect(result).toMatchObject({ verdict: 'pass', delivered: true, acked: 3, recovered: 3 })
    },
  )

  test('rot in a committed entry, which our log refuses', async () => {
    const result = await run({ faults: [{ kind: 'bit-rot', entry: 2 }] })
    expect(result).toMatchObject({ verdict: 'pass', delivered: true, acked: 3, recovered: null })
    expect(result.records).toMatchObject([{ message: 'WAL_RECOVERY_FAIL_HARD' }])
  })
})

describe('is inconclusive and never pass', () => {
  test('when the writer does not come to its point', async () => {
    const result = await run({ faults: [NEVER] })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false, faults: [NEVER] })
    expect(result).toMatchObject({ acked: 3, recovered: 3, failures: [] })
    expect(result.reason).toBe('the writer was not killed at its point: it came to its end')
  })

  test('when recovery does not come to its point', async () => {
    const never: Fault = { ...NEVER, process: 'recovery' }
    const result = await run({ faults: [kill, never] })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false })
    expect(result.reason).toBe('the recovery was not killed at its point: it came to its end')
  })

  test('when the writer was killed by someone else', async () => {
    onChildStart((child) => isVictim(child) && child.kill('SIGKILL'))
    const result = await run({ faults: [kill] })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false, acked: 0 })
    expect(result.reason).toMatch(/^the writer was not killed at its point: it ended by SIGKILL/)
  })

  test('when the writer before the damage was killed by someone else', async () => {
    onChildStart((child) => child.kill('SIGKILL'))
    const result = await run({ faults: [{ kind: 'phantom', shape: 'frame' }] })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false, faults: [] })
    expect(result.failures).toEqual([])
    expect(result.reason).toMatch(/^the writer ended by SIGKILL/)
  })

  test('when there is no such entry to rot', async () => {
    const result = await run({ faults: [{ kind: 'bit-rot', entry: 4 }] })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false })
    expect(result.reason).toBe('there is no entry 4 to rot')
  })

  test('when there is no fault', async () => {
    const result = await run({ faults: [] })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: false })
    expect(result.reason).toBe('there was no fault to deliver')
  })

  test('when recovery comes to a bad end once, and not in another process', async () => {
    for (const end of ['SIGSEGV', 'exit', 'hang'] as const) {
      const result = await run({ faults: [kill], context: recoveringIn(dyingRuntime(end, 1)) })
      expect(result).toMatchObject({ verdict: 'inconclusive', delivered: true, failures: [] })
      expect(result.confirmation).toMatchObject({ agreed: false })
      expect(result.reason).toMatch(
        /^the looks at it disagree: the first look found refused: the recoverer (ended|gave no answer).*; another process on a copy found nothing wrong$/s,
      )
    }
  })

  test('when a failure is found once, and not in another process', async () => {
    let looks = 0
    const inspect = (directory: string): Inspection => {
      looks += 1
      return looks === 1
        ? (recovered) => judgeSafePoint({ safeSeq: '9', bytesBeyond: 0 }, recovered)
        : inspectWal(directory)
    }
    const result = await run({ faults: [kill], context: { home: { ...HOME, inspect } } })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: true, failures: [] })
    expect(result.confirmation).toMatchObject({ agreed: false })
    expect(result.reason).toBe(
      'the looks at it disagree: the first look found acked-lost: safe_seq on disk is 9 and 1 entries came back; another process on a copy found nothing wrong',
    )
  })

  test('when the second look can not be taken', async () => {
    const onFaulted = (directory: string): void => {
      rmSync(join(directory, 'telemetry.safe_seq'), { force: true })
      execFileSync('mknod', [join(directory, 'device'), 'c', '1', '3'])
    }
    const result = await run({ faults: [kill], context: { onFaulted } })
    expect(result).toMatchObject({ verdict: 'inconclusive', failures: [] })
    expect(result.reason).toMatch(
      /could not judge: what the faults left could not be kept: device is a device$/,
    )
  })

  test.each([
    ['EBADMSG', 'Unknown system error -74'],
    ['ENOTDIR', 'ENOTDIR'],
    ['ELOOP', 'ELOOP'],
  ])('when the harness itself meets %s as it looks', async (name, code) => {
    const inspect = (): never => {
      throw Object.assign(new Error(`${name}: as the system says it`), { code })
    }
    const result = await run({ faults: [kill], context: { home: { ...HOME, inspect } } })
    expect(result).toMatchObject({ verdict: 'inconclusive', failures: [] })
    expect(result.reason).toBe(`the machine failed: ${name}: as the system says it`)
  })

  test('when the recoverer dies in the middle', async () => {
    onChildStart((child) => !isVictim(child) && child.kill('SIGKILL'))
    const result = await run({ faults: [kill], context: { onFaulted: makeOpeningHang } })
    expect(result).toMatchObject({ verdict: 'inconclusive', delivered: true, recovered: null })
    expect(result.reason).toMatch(/^the recoverer ended by SIGKILL/)
  })
})

describe('fails', () => {
  test.each([
    ['SIGBUS', 'twice, the recoverer ended by SIGBUS'],
    ['SIGSEGV', 'twice, the recoverer ended by SIGSEGV'],
    ['SIGKILL', 'twice, the recoverer ended by SIGKILL'],
    ['exit', 'twice, the recoverer ended with exit code 3'],
    ['hang', 'twice, the recoverer gave no answer in 2000 ms'],
  ] as const)('when recovery comes to its end by %s, each time', async (end, detail) => {
    const result = await run({ faults: [kill], context: recoveringIn(dyingRuntime(end)) })
    expect(result).toMatchObject({ verdict: 'fail', delivered: true, recovered: null })
    expect(result.failures).toEqual([{ name: 'refused', detail }])
    expect(result.confirmation).toMatchObject({ agreed: true })
  })

  test('when recovery dies over a rotted entry, which it may refuse', async () => {
    const faults: Fault[] = [{ kind: 'bit-rot', entry: 1 }]
    const result = await run({ faults, context: recoveringIn(dyingRuntime('SIGBUS')) })
    expect(result).toMatchObject({ verdict: 'fail', failures: [{ name: 'refused' }] })
  })

  test('when what was acknowledged is lost, though the fault was not delivered', async () => {
    const onFaulted = (directory: string): void => {
      rmSync(directory, { recursive: true })
      mkdirSync(directory)
    }
    const result = await run({ faults: [NEVER], context: { onFaulted } })
    expect(result).toMatchObject({ verdict: 'fail', delivered: false, recovered: 0 })
    expect(result.failures.map(({ name }) => name)).toEqual(['acked-lost'])
  })

  test('when recovery refuses', async () => {
    const onFaulted = (directory: string): void =>
      rmSync(join(directory, 'telemetry.safe_seq'), { force: true })
    const result = await run({ faults: [kill], context: { onFaulted } })
    expect(result).toMatchObject({ verdict: 'fail', delivered: true, recovered: null })
    expect(result.failures.map(({ name }) => name)).toEqual(['refused'])
  })

  test('when recovery refuses, though it was to be killed and never came to its point', async () => {
    const first = await killAfter('safe-seq-tmp-rename', 'safe-point-first')
    const point = { moment: 'before', operationShare: 65535, bytesShare: 0 } as const
    const second: FaultToDeliver = { kind: 'kill', process: 'recovery', point }
    const result = await run({
      faults: [first, second],
      context: { subject: 'safe-point-first' },
    })
    expect(result).toMatchObject({ verdict: 'fail', delivered: false, recovered: null })
    expect(result.failures.map(({ name }) => name)).toEqual(['refused'])
    expect(result.reason).toMatch(/could not be counted: the subject refused: SAFESEQ_GT_MAXSEQ/)
  })

  test('when recovery leaves a phantom that only the inspection sees', async () => {
    const result = await run({
      faults: [kill],
      context: {
        home: { ...HOME, inspect: () => () => [{ name: 'phantom', detail: 'bytes beyond' }] },
      },
    })
    expect(result.failures).toContainEqual({ name: 'phantom', detail: 'bytes beyond' })
    expect(result.verdict).toBe('fail')
  })
})

test('what the faults left is shown before any recovery', async () => {
  let seen: string[] = []
  let tail = 0
  await run({
    faults: [{ kind: 'phantom', shape: 'zeros' }],
    context: {
      onFaulted: (directory) => {
        seen = readdirSync(directory).sort()
        tail = readFileSync(join(directory, 'telemetry.wal')).subarray(-512).filter(Boolean).length
      },
    },
  })
  expect(seen).toEqual(['telemetry.safe_seq', 'telemetry.wal'])
  expect(tail).toBe(0)
})

test('a directory that is in use is not run in', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'telemetry.wal'), '')
  appendFileSync(join(directory, 'other'), 'x')
  const ran = run({ directory, faults: [kill] })
  await expect(ran).rejects.toThrow(MachineError)
  await expect(ran).rejects.toThrow('is not empty')
  expect(readdirSync(directory).sort()).toEqual(['other', 'telemetry.wal'])
})
