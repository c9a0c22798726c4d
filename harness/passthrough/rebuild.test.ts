import { describe, expect, test } from 'vitest'
import type { Operation } from './operation.ts'
import { type Entry, rebuild } from './rebuild.ts'

const operations = (...all: Partial<Operation>[]): Operation[] =>
  all.map((each, i) => ({
    n: i + 1,
    kind: 'write',
    threadId: 1,
    path: 'x',
    to: '',
    file: 1,
    replaced: 0,
    offsetBytes: 0,
    lengthBytes: each.data?.length ?? 0,
    sizeBytes: -1,
    mode: -1,
    cached: false,
    synced: false,
    direct: false,
    data: Buffer.alloc(0),
    wroteBytes: each.data?.length ?? 0,
    done: true,
    errno: null,
    struck: false,
    lost: false,
    ...each,
  }))

const create: Partial<Operation> = { kind: 'create', mode: 0o644 }
const data = (text: string) => ({ data: Buffer.from(text) })
const file = (text: string): Entry => ({ is: 'file', content: Buffer.from(text), mode: 0o644 })

describe('a rebuilt directory', () => {
  test('has what is below two names that were exchanged under the other one', () => {
    const before = new Map<string, Entry>([
      ['a', { is: 'directory', mode: 0o755 }],
      ['a/x', file('x')],
      ['b', file('b')],
    ])
    const exchanged = { kind: 'exchange', path: 'a', to: 'b', file: 7, replaced: 8 } as const
    const rebuilt = rebuild(operations(exchanged, { path: 'a', file: 8, ...data('B') }), before)
    expect(rebuilt).toEqual(
      new Map([
        ['b', { is: 'directory', mode: 0o755 }],
        ['b/x', file('x')],
        ['a', file('B')],
      ]),
    )
  })

  test('has of a write what was written of it, and nothing of one that was refused', () => {
    const written = { ...data('12345'), wroteBytes: 2 }
    const refused = { ...data('67890'), offsetBytes: 2, done: false, errno: 'EIO', wroteBytes: 0 }
    expect(rebuild(operations(create, written, refused))).toEqual(new Map([['x', file('12')]]))
  })

  test('does not grow by a write of nothing', () => {
    const nothing = { ...data('1'), wroteBytes: 0, offsetBytes: 5 }
    expect(rebuild(operations(create, nothing))).toEqual(new Map([['x', file('')]]))
  })

  test('reads as zeros where a file was cut and grew again', () => {
    const cut = { kind: 'truncate', lengthBytes: 1 } as const
    const grown = { kind: 'truncate', lengthBytes: 3 } as const
    const rebuilt = rebuild(operations(create, data('abc'), cut, grown))
    expect(rebuilt).toEqual(new Map([['x', file('a\0\0')]]))
  })

  test('follows a file that was there before by its number, whatever becomes of its names', () => {
    const before = new Map<string, Entry>([
      ['a', file('a')],
      ['b', file('b')],
    ])
    const rebuilt = rebuild(
      operations(
        { kind: 'rename', path: 'a', to: 'b', file: 7, replaced: 8 },
        { path: 'b', file: 8, ...data('to the one that was replaced') },
        { path: 'b', file: 7, ...data('A') },
      ),
      before,
    )
    expect(rebuilt).toEqual(new Map([['b', file('A')]]))
  })

  test('loses what a sync lost, page by page, and nothing that was synced before', () => {
    const rebuilt = rebuild(
      operations(create, data('old'), { kind: 'fsync' }, data('newer'), {
        kind: 'fsync',
        done: false,
        errno: 'EIO',
        lost: true,
      }),
    )
    expect(rebuilt).toEqual(new Map([['x', file('old\0\0')]]))
  })

  test('can not be made of operations on what is not there', () => {
    expect(() => rebuild(operations(data('x')))).toThrow('operation 1 is on x, which is not there')
  })
})
