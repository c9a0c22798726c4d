import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Disk } from '../../wal/disk.ts'
import { memoryDisk } from '../../wal/memory-disk.ts'
import { nodeDisk } from '../../wal/node-disk.ts'
import { Wal } from '../../wal/wal.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { Operation } from './operations.ts'
import type { Point } from './point.ts'
import { pointDisk } from './point-disk.ts'

/** Stands for the death of the process: nothing is done after it. */
class Died extends Error {
  readonly operation: Operation
  readonly writtenBytes: number | undefined

  constructor(operation: Operation, writtenBytes?: number) {
    super('died')
    this.operation = operation
    this.writtenBytes = writtenBytes
  }
}

const die = (operation: Operation, writtenBytes?: number): never => {
  throw new Died(operation, writtenBytes)
}

/** Opens, writes ten bytes in two writes, and closes; operations 1 to 4. */
function writeTwice(disk: Disk, path: string): void {
  const file = disk.open(path, 'replace')
  disk.write(file, Buffer.from('01234'), 0)
  disk.write(file, Buffer.from('56789'), 5)
  disk.close(file)
}

/** Where a point killed `writeTwice`, and what is then in the file, or that there is none. */
function struck(point: Pick<Point, 'moment' | 'number' | 'writtenBytes'>): unknown {
  const inner = memoryDisk()
  const told: number[] = []
  const disk = pointDisk(inner, {
    during: () => 'append 1',
    onOperation: ({ number }) => told.push(number),
    death: { point: { ...point, name: '' }, die },
  })
  try {
    writeTwice(disk, '/a')
  } catch (error) {
    if (!(error instanceof Died)) throw error
    const bytes = inner.files.get('/a')
    const content = bytes && Buffer.from(bytes).toString()
    return { at: error.operation.name, written: error.writtenBytes, content, told }
  }
  return { done: told }
}

describe('a point strikes exactly', () => {
  test.each([
    ['before', 1, { at: 'a-open', content: undefined, told: [] }],
    ['after', 1, { at: 'a-open', content: '', told: [] }],
    ['before', 2, { at: 'a-write', content: '', told: [1] }],
    ['after', 2, { at: 'a-write', content: '01234', told: [1] }],
    ['before', 3, { at: 'a-write', content: '01234', told: [1, 2] }],
    ['after', 3, { at: 'a-write', content: '0123456789', told: [1, 2] }],
    ['after', 4, { at: 'a-close', content: '0123456789', told: [1, 2, 3] }],
  ] as const)('%s operation %i', (moment, number, expected) => {
    expect(struck({ moment, number })).toEqual({ ...expected, written: undefined })
  })

  test.each([
    [2, 1, '0'],
    [2, 4, '0123'],
    [3, 2, '0123456'],
  ])('within operation %i after %i bytes', (number, writtenBytes, content) => {
    const seen = struck({ moment: 'within', number, writtenBytes })
    expect(seen).toMatchObject({ at: 'a-write', written: writtenBytes, content })
  })

  test('and never where there is no such point', () => {
    expect(struck({ moment: 'before', number: 5 })).toEqual({ done: [1, 2, 3, 4] })
    expect(struck({ moment: 'within', number: 1 })).toEqual({ done: [1, 2, 3, 4] })
  })
})

test('the operation that is announced says when it came and how long its write is', () => {
  const operations: Operation[] = []
  let during = 'open'
  const disk = pointDisk(memoryDisk(), {
    during: () => during,
    onOperation: (operation) => operations.push(operation),
  })
  const file = disk.open('/log/telemetry.wal', 'create')
  during = 'append 1'
  disk.write(file, Buffer.from('abc'), 0)
  expect(operations).toEqual([
    { number: 1, during: 'open', name: 'telemetry.wal-open' },
    { number: 2, during: 'append 1', name: 'telemetry.wal-write', writeBytes: 3 },
  ])
})

test('on the real disk, half a frame is what a kill within its write leaves', () => {
  const directory = temporaryDirectory()
  const operations: Operation[] = []
  let during = 'open'
  const disk = pointDisk(nodeDisk, {
    during: () => during,
    onOperation: (operation) => operations.push(operation),
  })
  const wal = Wal.open(directory, { disk, environment: {} })
  during = 'append 1'
  wal.append({ note: 'whole' })
  wal.close()
  const whole = readFileSync(join(directory, 'telemetry.wal'))
  const write = operations.find(({ name }) => name === 'telemetry.wal-write') as Operation
  expect(write).toMatchObject({ during: 'append 1', writeBytes: whole.length })

  const other = temporaryDirectory()
  const point: Point = { moment: 'within', number: write.number, name: '', writtenBytes: 9 }
  const dying = pointDisk(nodeDisk, { during: () => 'open', death: { point, die } })
  const victim = Wal.open(other, { disk: dying, environment: {} })
  expect(() => victim.append({ note: 'whole' })).toThrow()
  victim.close()
  expect(readFileSync(join(other, 'telemetry.wal'))).toEqual(whole.subarray(0, 9))
})
