import { once } from 'node:events'
import { describe, expect } from 'vitest'
import type { Where } from './faults/fault.ts'
import type { FaultOrder } from './faults/index.ts'
import type { Passthrough } from './passthrough.ts'
import type { PassthroughPlan } from './plan.ts'
import {
  expectRebuilt,
  NEEDS,
  passthrough,
  python,
  run,
  start,
  testPassthrough,
} from './testing/scene.ts'

/** What each line of Python answers: `do(call)` says what the call returned, or the name of its error. */
const script = (lines: string) =>
  python(`
import errno, os
def do(call, *args):
    try: print(repr(call(*args)))
    except OSError as e: print(errno.errorcode[e.errno])
f = os.open('x', os.O_CREAT | os.O_RDWR)
${lines}
`)

/** Runs it with a fault; what it saw, line by line, after what it left is held against what it did. */
async function seenBy(served: Passthrough, lines: string, fault: FaultOrder, reads = false) {
  const seen = await run(served, script(lines), { fault, reads })
  expect(seen.code).toBe(0)
  expectRebuilt(served, seen)
  return { ...seen, saw: seen.said.trimEnd().split('\n') }
}

describe('an error', () => {
  testPassthrough.each(['EIO', 'ENOSPC', 'EDQUOT', 'EAGAIN'] as const)(
    `%s of a write is seen by the program, once${NEEDS}`,
    async (errno) => {
      const served = await passthrough()
      const { saw, struck, operations } = await seenBy(
        served,
        "for i in range(3): do(os.write, f, b'12345')",
        { fault: 'error', at: { kind: 'write', nth: 2 }, errno },
      )
      expect(saw).toEqual(['5', errno, '5'])
      expect(struck).toEqual({ operations: [3], killed: null })
      expect(operations[2]).toMatchObject({ done: false, errno, wroteBytes: 0, struck: true })
    },
  )

  testPassthrough(`EINTR is what a program tries again at${NEEDS}`, async () => {
    const served = await passthrough()
    const fault = { fault: 'error', at: { n: 2 }, errno: 'EINTR', times: 2 } as const
    const { saw, struck } = await seenBy(served, "do(os.write, f, b'12345')", fault)
    expect(saw).toEqual(['5'])
    expect(struck?.operations).toEqual([2, 3])
  })

  testPassthrough.each([
    ['create', 'EMFILE', "do(os.open, 'y', os.O_CREAT | os.O_WRONLY)"],
    ['rename', 'EIO', "do(os.rename, 'x', 'y')"],
    ['unlink', 'EIO', "do(os.unlink, 'x')"],
    ['mkdir', 'ENOSPC', "do(os.mkdir, 'y')"],
    ['truncate', 'EIO', 'do(os.ftruncate, f, 5)'],
    ['fsyncdir', 'EIO', "do(os.fsync, os.open('.', os.O_RDONLY))"],
    ['chmod', 'EIO', "do(os.chmod, 'x', 0o600)"],
  ] as const)(
    `of a %s is seen by the program, and nothing is done${NEEDS}`,
    async (kind, errno, lines) => {
      const served = await passthrough()
      const nth = kind === 'create' ? 2 : 1
      const fault = { fault: 'error', at: { kind, nth }, errno } as const
      const { saw, operations } = await seenBy(served, `${lines}\n${lines}`, fault)
      expect(saw[0]).toBe(errno)
      expect(saw[1]).not.toBe(errno)
      expect(operations.filter((each) => each.kind === kind).slice(nth - 1)).toMatchObject([
        { done: false, errno },
        { done: true, errno: null },
      ])
    },
  )

  testPassthrough(`of a read is seen by the program${NEEDS}`, async () => {
    const served = await passthrough()
    const fault = { fault: 'error', at: { kind: 'read', nth: 2 }, errno: 'EIO' } as const
    const lines = "os.write(f, b'12345')\nfor i in range(4): do(os.pread, f, 5, 0)"
    const once = await seenBy(served, lines, fault, true)
    expect(once.saw).toEqual(["b'12345'", 'EIO', "b'12345'", "b'12345'"])
  })

  testPassthrough(`for good strikes each of its kind from there on${NEEDS}`, async () => {
    const served = await passthrough()
    const fault = {
      fault: 'error',
      at: { kind: 'read', nth: 2 },
      errno: 'EIO',
      times: 'for-good',
    } as const
    const lines = "os.write(f, b'12345')\nfor i in range(4): do(os.pread, f, 5, 0)"
    const { saw, struck } = await seenBy(served, lines, fault, true)
    expect(saw).toEqual(["b'12345'", 'EIO', 'EIO', 'EIO'])
    expect(struck?.operations).toHaveLength(3)
  })
})

testPassthrough(
  `with a kind, what is called before the first of it is not struck${NEEDS}`,
  async () => {
    const lines =
      "os.write(f, b'1')\nos.fsync(f)\nos.write(f, b'2')\nfor i in range(2): do(os.fsync, f)"
    const strikes = async (at: Where): Promise<number[]> => {
      const { struck } = await seenBy(await passthrough(), lines, {
        fault: 'error',
        at,
        errno: 'EIO',
      })
      return struck?.operations ?? []
    }
    // 1: create, 2 and 4: write, 3, 5 and 6: fsync
    expect(await strikes({ called: 5, kind: 'fsync' })).toEqual([5])
    expect(await strikes({ called: 4, kind: 'fsync' })).toEqual([5])
    expect(await strikes({ called: 5, kind: 'write' })).toEqual([])
    expect(await strikes({ called: 5 })).toEqual([5])
  },
)

testPassthrough(`a write is short once${NEEDS}`, async () => {
  const served = await passthrough()
  const fault = { fault: 'short-write', at: { kind: 'write', nth: 2 }, wroteBytes: 3 } as const
  const lines = "for i in range(3): do(os.write, f, b'12345')"
  const { saw, operations } = await seenBy(served, lines, fault)
  expect(saw).toEqual(['5', '3', '5'])
  expect(operations[2]).toMatchObject({ done: true, wroteBytes: 3, lengthBytes: 5, struck: true })
})

testPassthrough.each([
  ['half', '2'],
  [0, '0'],
  [5, '5'],
] as const)(`a write is short by what is asked: %s${NEEDS}`, async (wroteBytes, wrote) => {
  const served = await passthrough()
  const fault = { fault: 'short-write', at: { kind: 'write', nth: 2 }, wroteBytes } as const
  const lines = "for i in range(3): do(os.write, f, b'12345')"
  const { saw, struck } = await seenBy(served, lines, fault)
  expect(saw).toEqual(['5', wrote, '5'])
  expect(struck?.operations ?? []).toHaveLength(wrote === '5' ? 0 : 1)
})

testPassthrough(`a write is pretended, and not there${NEEDS}`, async () => {
  const served = await passthrough()
  const fault = { fault: 'pretended-write', at: { kind: 'write', nth: 2 } } as const
  const lines =
    "for i in range(2): do(os.write, f, b'12345')\ndo(os.fsync, f)\ndo(os.pread, f, 20, 0)"
  const { saw, operations } = await seenBy(served, lines, fault)
  expect(saw).toEqual(['5', '5', 'None', "b'12345'"])
  expect(operations[2]).toMatchObject({ done: false, errno: null, wroteBytes: 0, struck: true })
})

describe('a full disk', () => {
  const fault = { fault: 'full-disk', roomBytes: 1000 } as const

  testPassthrough(
    `takes what it has room for, and then refuses what needs more${NEEDS}`,
    async () => {
      const served = await passthrough()
      const { saw, struck } = await seenBy(
        served,
        `
do(os.write, f, b'x' * 5003)
do(os.write, f, b'x')
do(os.pwrite, f, b'y' * 1000, 0)
do(os.pwrite, f, b'y' * 1000, 500)
do(os.posix_fallocate, f, 0, 4096)
g = os.open('g', os.O_CREAT | os.O_WRONLY)
do(os.write, g, b'x')
do(os.mkdir, 'd')
`,
        fault,
      )
      expect(saw).toEqual(['1000', 'ENOSPC', '1000', '500', 'ENOSPC', 'ENOSPC', 'None'])
      expect(struck?.operations).toHaveLength(5)
    },
  )

  testPassthrough(`is full from an operation on, of which it takes half${NEEDS}`, async () => {
    const served = await passthrough()
    const at = { kind: 'write', nth: 2 } as const
    const lines = "for i in range(3): do(os.write, f, b'x' * 600)"
    const { saw } = await seenBy(served, lines, { fault: 'full-disk', at, roomBytes: 'half' })
    expect(saw).toEqual(['600', '300', 'ENOSPC'])
  })

  testPassthrough(`gives each write of its room, until it has none${NEEDS}`, async () => {
    const served = await passthrough()
    const { saw } = await seenBy(
      served,
      "for i in range(3): do(os.write, f, b'x' * 600)\nos.ftruncate(f, 5000)\ndo(os.pwrite, f, b'y', 4000)",
      fault,
    )
    expect(saw).toEqual(['600', '400', 'ENOSPC', '1'])
  })

  testPassthrough(`has room again when it is released${NEEDS}`, async () => {
    const served = await passthrough()
    served.begin({ fault })
    const child = start(
      served,
      script(`
import time
os.write(f, b'x' * 1000)
do(os.write, f, b'x')
os.write(1, b'full')
while True:
    try: os.write(f, b'y')
    except OSError: time.sleep(0.01)
    else: break
`),
    )
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    served.release()
    const [code] = await once(child, 'close')
    await served.whenGone()
    const seen = served.end()
    expect(code).toBe(0)
    expect(seen.operations.at(-1)).toMatchObject({ kind: 'write', done: true, errno: null })
    expectRebuilt(served, seen)
  })
})

describe('a sync that fails', () => {
  const LINES = `
os.write(f, b'a' * 5000)
do(os.fsync, f)
os.pwrite(f, b'b' * 8000, 2000)
do(os.fsync, f)
back = os.pread(f, 20000, 0)
print(len(back), back.count(b'a'), back.count(b'b'), back.count(0))
do(os.fsync, f)
do(os.fsync, os.open('x', os.O_RDONLY))
`
  const at = { kind: 'fsync', nth: 2 } as const

  testPassthrough(`keeps what it covered${NEEDS}`, async () => {
    const served = await passthrough()
    const fault = { fault: 'failed-sync', at, loses: false } as const
    const { saw } = await seenBy(served, LINES, fault)
    expect(saw).toEqual(['None', 'EIO', '10000 2000 8000 0', 'None', 'None'])
  })

  testPassthrough(`loses what it covered, and the next one succeeds${NEEDS}`, async () => {
    const served = await passthrough()
    const fault = { fault: 'failed-sync', at, loses: true } as const
    const { saw, operations } = await seenBy(served, LINES, fault)
    expect(saw).toEqual(['None', 'EIO', '10000 5000 0 5000', 'None', 'None'])
    expect(operations.filter(({ lost }) => lost)).toMatchObject([
      { kind: 'fsync', done: false, errno: 'EIO' },
    ])
  })

  testPassthrough(`fails for good${NEEDS}`, async () => {
    const served = await passthrough()
    const fault = { fault: 'failed-sync', at, loses: true, times: 'for-good' } as const
    const { saw } = await seenBy(served, LINES, fault)
    expect(saw).toEqual(['None', 'EIO', '10000 5000 0 5000', 'EIO', 'EIO'])
  })

  testPassthrough(`loses what was stored in a mapped file${NEEDS}`, async () => {
    const served = await passthrough()
    const fault = { fault: 'failed-sync', at: { kind: 'fsync', nth: 1 }, loses: true } as const
    const { saw } = await seenBy(
      served,
      `
import mmap
os.ftruncate(f, 8192)
m = mmap.mmap(f, 8192)
m[5000:5005] = b'hello'
do(m.flush)
print(m[5000:5005], os.pread(f, 5, 5000))
`,
      fault,
    )
    expect(saw[0]).toBe('EIO')
    expect(saw[1]).toBe(String.raw`b'\x00\x00\x00\x00\x00' b'\x00\x00\x00\x00\x00'`)
  })

  testPassthrough(
    `spares what an O_DSYNC write had made durable, and what was cut off${NEEDS}`,
    async () => {
      const served = await passthrough()
      const fault = { fault: 'failed-sync', at: { kind: 'fsync', nth: 1 }, loses: true } as const
      const { saw, operations } = await seenBy(
        served,
        `
g = os.open('x', os.O_WRONLY | os.O_DSYNC)
os.write(g, b'd' * 4096)
os.pwrite(f, b'n' * 4096, 4096)
os.ftruncate(f, 6000)
do(os.fsync, f)
back = os.pread(f, 20000, 0)
print(len(back), back.count(b'd'), back.count(0))
`,
        fault,
      )
      expect(saw).toEqual(['EIO', '6000 4096 1904'])
      expect(operations.find(({ synced }) => synced)).toMatchObject({ kind: 'write' })
    },
  )
})

testPassthrough(`a lost sync brings back nothing of what was cut off${NEEDS}`, async () => {
  const served = await passthrough()
  const fault = { fault: 'failed-sync', at: { kind: 'fsync', nth: 2 }, loses: true } as const
  const { saw } = await seenBy(
    served,
    `
os.write(f, b'a' * 9000)
os.fsync(f)
os.pwrite(f, b'b' * 9000, 0)
os.ftruncate(f, 5000)
os.ftruncate(f, 9000)
do(os.fsync, f)
back = os.pread(f, 20000, 0)
print(len(back), back.count(b'a'), back.count(0))
`,
    fault,
  )
  expect(saw).toEqual(['EIO', '9000 5000 4000'])
})

testPassthrough(`opens and reads are numbered where they are asked for${NEEDS}`, async () => {
  const served = await passthrough()
  const kinds = async (plan: PassthroughPlan) => {
    const lines = "os.write(f, b'1')\nos.pread(os.open('x', os.O_RDONLY), 5, 0)\nos.unlink('x')"
    return (await run(served, script(lines), plan)).operations.map(({ kind }) => kind)
  }
  expect(await kinds({})).toEqual(['create', 'write', 'unlink'])
  expect(await kinds({ reads: true })).toEqual(['create', 'write', 'open', 'read', 'unlink'])
})
