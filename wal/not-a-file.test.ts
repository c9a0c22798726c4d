import { readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { aroundDisk } from './around-disk.ts'
import type { Disk } from './disk.ts'
import { KEPT_TMP_FILE, SAFE_SEQ_FILE, SAFE_SEQ_TMP_FILE, WAL_FILE } from './layout.ts'
import { nodeDisk } from './node-disk.ts'
import { expectViolation } from './testing/expect-violation.ts'
import { frames, framesFrom, LogDirectory, safeSeqBytes, seqs } from './testing/log-directory.ts'
import { OBSTACLES } from './testing/obstacles.ts'
import { Wal } from './wal.ts'

const code = (expected: string) => expect.objectContaining({ code: expected })
const LEGACY = { environment: { AUTONOMYOPS_WAL_LEGACY_UPGRADE: '1' } }

/** A disk on which the obstacle takes the place of `file` as soon as that has been looked at. */
function swappedAfterLook(directory: LogDirectory, file: string): Disk {
  const at = (name: string): string => join(directory.path, name)
  let swapped = false
  return aroundDisk(nodeDisk, ({ name, path }, proceed) => {
    const result = proceed()
    if (swapped || name !== 'look' || path !== at(file)) return result
    swapped = true
    renameSync(at(file), at('moved'))
    renameSync(at('obstacle'), at(file))
    return result
  })
}

describe.each(OBSTACLES)('$kind', ({ put }) => {
  test.each([
    ['the log of a directory without safe_seq', WAL_FILE, {}],
    ['the log behind a safe point of 0', WAL_FILE, { safeSeq: 0 }],
    ['the log behind a safe point', WAL_FILE, { safeSeq: 3 }],
    ['safe_seq beside no log', SAFE_SEQ_FILE, {}],
    ['safe_seq beside a log', SAFE_SEQ_FILE, { wal: frames(1, 2) }],
    ['.tmp of a directory that is new', SAFE_SEQ_TMP_FILE, {}],
    ['.tmp beside a sound log', SAFE_SEQ_TMP_FILE, { wal: frames(1, 2), safeSeq: 2 }],
    ['.tmp beside a log with a tail', SAFE_SEQ_TMP_FILE, { wal: frames(1, 2), safeSeq: 1 }],
  ] as const)(
    'not a file: in the place of %s it is refused, and neither waited for nor followed',
    async (_, file, contents) => {
      const directory = new LogDirectory(contents)
      await put(join(directory.path, file))
      for (const options of [{}, LEGACY]) {
        const violation = expectViolation(directory, 'NOT_A_FILE', options)
        expect(violation.message).toContain(join(directory.path, file))
      }
    },
  )

  test.each([WAL_FILE, SAFE_SEQ_FILE])(
    'not a file: what takes the place of %s once it was looked at is refused as well',
    async (file) => {
      const directory = new LogDirectory({ wal: frames(1, 2), safeSeq: 2 })
      await put(join(directory.path, 'obstacle'))
      const disk = swappedAfterLook(directory, file)
      expect(() => directory.open({ disk })).toThrowError(code('NOT_A_FILE'))
      expect(directory.has(`${file}.elsewhere`)).toBe(false)
      expect(directory.bytes('moved')).toEqual(file === WAL_FILE ? frames(1, 2) : safeSeqBytes(2))
    },
  )

  test('not a file: in the place of .tmp of an open log it fails the append, and nothing is written through it', async () => {
    const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
    const wal = directory.open()
    await put(join(directory.path, SAFE_SEQ_TMP_FILE))
    const before = directory.snapshot()
    expect(() => wal.append({})).toThrowError(code('DISK_FAILED'))
    expect(() => wal.append({})).toThrowError(code('REOPEN_NEEDED'))
    const { [WAL_FILE]: log, ...others } = directory.snapshot()
    expect({ ...others, [WAL_FILE]: log?.slice(0, before[WAL_FILE]?.length) }).toEqual(before)
    wal.close()
    expectViolation(directory, 'NOT_A_FILE')
  })

  test('not a file: in the place of what is being kept it refuses the recovery, which cuts nothing', async () => {
    const directory = new LogDirectory({ wal: framesFrom(1, 5), safeSeq: 2 })
    await put(join(directory.path, KEPT_TMP_FILE))
    expectViolation(directory, 'NOT_A_FILE')
  })

  test('not a file: where a kept file would stand, the next number is taken', async () => {
    const directory = new LogDirectory({ wal: framesFrom(1, 5), safeSeq: 2 })
    await put(join(directory.path, 'telemetry.wal.cut-2'))
    expect(seqs(directory.open())).toEqual([1n, 2n])
    expect(directory.bytes('telemetry.wal.cut-2.2')).toEqual(framesFrom(3, 5))
  })
})

test.each([
  ['a file', (path: string) => writeFileSync(path, 'x')],
  [
    'a link to a file',
    (path: string) => {
      writeFileSync(`${path}.elsewhere`, 'x')
      symlinkSync(`${path}.elsewhere`, path)
    },
  ],
])('not a file: %s in the place of the directory has a code of its own', (_, put) => {
  const directory = new LogDirectory()
  const path = join(directory.path, 'log')
  put(path)
  expect(() => Wal.open(path, { environment: {} })).toThrowError(code('NOT_A_DIRECTORY'))
})

test.each(OBSTACLES.filter(({ kind }) => kind.match(/pipe|socket|device|to a file/)))(
  'not a file: $kind in the place of the directory is refused, and not waited for',
  async ({ put }) => {
    const directory = new LogDirectory()
    const path = join(directory.path, 'log')
    await put(path)
    expect(() => Wal.open(path, { environment: {} })).toThrowError(code('NOT_A_DIRECTORY'))
  },
)

test('a link to the directory is the directory: whoever named it may name it so', () => {
  const directory = new LogDirectory({ wal: frames(1), safeSeq: 1 })
  const link = `${directory.path}.link`
  symlinkSync(directory.path, link)
  const wal = Wal.open(link, { environment: {} })
  onTestFinished(() => wal.close())
  expect(wal.append({})).toBe(2n)
  expect(readFileSync(join(link, SAFE_SEQ_FILE)).readBigUInt64LE()).toBe(2n)
})
