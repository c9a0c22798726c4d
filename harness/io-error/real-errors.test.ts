import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { describedLog } from '../../subjects/wal/described.ts'
import type { FailureName } from '../oracle/failure.ts'
import { NEEDS, testPowerCuts } from '../power-cut/testing/scene.ts'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { scriptPath } from '../process/script.ts'
import type { SubjectKind } from '../subject/change.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { LINES_LOG, moduleSubject } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { mountsSeenBy } from '../volume/mounts.ts'
import { expectNothingLeft, scratch } from '../volume/testing/scene.ts'
import { MET_NOTHING } from './case-result.ts'
import { leftsBetween } from './full-volume/site.ts'
import { lacksForRealErrors, meetRealErrors, type RealErrorCase } from './real-errors.ts'

const SEED = 1
const BOTH = ['ext4', 'xfs'] as const

/** Has a subject meet the errors of these names, or for so long. */
async function meet(
  subject: DescribedSubject,
  fileSystem: 'ext4' | 'xfs',
  what: readonly string[] | number,
): Promise<RealErrorCase[]> {
  const stateDirectory = scratch()
  const extent = typeof what === 'number' ? { forMs: what } : { names: what }
  const { results } = await meetRealErrors({
    subject,
    seed: SEED,
    fileSystem,
    stateDirectory,
    extent,
  })
  expectNothingLeft(stateDirectory)
  return results
}

class Found extends Error {
  readonly result: RealErrorCase

  constructor(result: RealErrorCase) {
    super(result.name)
    this.result = result
  }
}

/** The first of these cases that a subject fails; undefined where it fails none. */
async function firstFailure(
  subject: DescribedSubject,
  fileSystem: 'ext4' | 'xfs',
  names: readonly string[],
): Promise<RealErrorCase | undefined> {
  const stateDirectory = scratch()
  const onResult = (result: RealErrorCase): void => {
    if (result.verdict === 'fail') throw new Found(result)
  }
  const options = { subject, seed: SEED, fileSystem, stateDirectory, extent: { names }, onResult }
  const found = await meetRealErrors(options).catch((error) => error)
  expectNothingLeft(stateDirectory)
  if (found instanceof Error && !(found instanceof Found)) throw found
  return found instanceof Found ? found.result : undefined
}

const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)

/** The names `1.flush-4` to `1.flush-9`, and so on. */
const from = (kind: string, first: number, last: number): string[] =>
  anyOf([1], kind, numbers(first, last))

/** The same in several rounds, for what only some histories show. */
function anyOf(
  rounds: readonly number[],
  kind: string,
  which: readonly number[],
  endings: readonly string[] = [''],
): string[] {
  return rounds.flatMap((round) =>
    which.flatMap((number) => endings.map((ending) => `${round}.${kind}-${number}${ending}`)),
  )
}

const FEW_BLOCKS = numbers(0, 8).map((blocks) => blocks * 4096)

const namesIn = (results: readonly RealErrorCase[]): FailureName[] => [
  ...new Set(results.flatMap(({ failures }) => failures.map(({ name }) => name))),
]

/** Expects so of those whose error met something; a disk is not asked the same each time. */
const expectAllPass = (results: readonly RealErrorCase[]): void => {
  const met = results.filter(({ reason }) => reason !== MET_NOTHING)
  expect(met.length).toBeGreaterThan(0)
  expect(met.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
}

function written(kind: SubjectKind, source: string): DescribedSubject {
  const head = `
    import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync,
      rmSync, writeFileSync, writeSync } from 'node:fs'
    import { join } from 'node:path'
    const lines = (path) => readFileSync(path, 'utf8').split('\\n').slice(0, -1).map((line) => JSON.parse(line))
    const pairsIn = (path) => new Map(JSON.parse(readFileSync(path, 'utf8')))
    const writeAll = (file, text) => {
      for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(file, rest))
    }
    const replace = (path, write) => {
      const file = openSync(path + '.tmp', 'w')
      try {
        write(file)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(path + '.tmp', path)
      const folder = openSync(join(path, '..'), 'r')
      fsyncSync(folder)
      closeSync(folder)
    }
  `
  return moduleSubject(temporaryDirectory(), kind, head + source)
}

/** A log of lines; `onError` is what it does where one could not be appended. */
const logThat = (onError: string): DescribedSubject =>
  written(
    'log',
    `export function open(directory) {
      const path = join(directory, 'log')
      const file = openSync(path, 'a+')
      ftruncateSync(file, readFileSync(path).lastIndexOf(10) + 1)
      return {
        append(entry) {
          try {
            writeAll(file, JSON.stringify(entry) + '\\n')
            fsyncSync(file)
          } catch (error) {
            ${onError}
          }
        },
        read: () => lines(path),
        close: () => closeSync(file),
      }
    }`,
  )

/** A store in one file, which is read by \`load\` and written by \`save\`. */
const storeThat = (load: string, save: string): DescribedSubject =>
  written(
    'store',
    `export function open(directory) {
      const path = join(directory, 'store.json')
      let pairs = new Map()
      ${load}
      const save = () => { const text = JSON.stringify([...pairs]); ${save} }
      return {
        put(key, value) { pairs.set(key, value); save() },
        delete(key) { pairs.delete(key); save() },
        read: () => [...pairs],
        close() {},
      }
    }`,
  )

/** Node's `existsSync` says of what can't be read that it does not exist. */
const CAREFUL_LOAD = `try { pairs = pairsIn(path) } catch (error) { if (error.code !== 'ENOENT') throw error }`
const CAREFUL_SAVE = 'replace(path, (file) => writeAll(file, text))'

describe('a device that fails', () => {
  testPowerCuts.each(BOTH)(`our log keeps its promise on %s${NEEDS}`, async (fileSystem) => {
    const names = [
      ...from('flush', 3, 8),
      ...from('write', 4, 12),
      '1.flush-6-for-good',
      '1.write-9-for-good',
      '1.read-1',
    ]
    const results = await meet(describedLog('wal'), fileSystem, names)
    expectAllPass(results)
    expect(results.map(({ name }) => name)).toEqual(names)
    // The file system is of no use behind it: what comes next is refused.
    expect(results.find(({ name }) => name === '1.flush-6-for-good')).toMatchObject({
      struck: { refused: expect.stringMatching(/EIO|EROFS/) },
      what: 'the flush 6 of the file system to its device is answered EIO, and so is each behind it',
    })
  })

  testPowerCuts.each(BOTH)(
    `who goes on behind a failed sync in the same file loses what is behind it, on %s${NEEDS}`,
    async (fileSystem) => {
      // Which write carries the first page of an entry over two pages is up to the file system.
      const names = anyOf([1, 2, 4], 'write', numbers(10, 40), ['', '-for-good'])
      const failed = await firstFailure(LINES_LOG, fileSystem, names)
      expect(failed).toMatchObject({
        struck: { refused: expect.stringContaining('EIO') },
        confirmation: { agreed: true },
      })
      expect(['silent', 'destroyed', 'refused']).toContain(failed?.failures[0]?.name)
    },
  )

  testPowerCuts.each(BOTH)(`who ends at an error passes on %s${NEEDS}`, async (fileSystem) => {
    const names = [...from('flush', 3, 8), ...from('write', 4, 12)]
    expectAllPass(await meet(logThat('process.exit(1)'), fileSystem, names))
  })

  testPowerCuts.each(BOTH)(
    `who swallows the error of a sync is caught on %s${NEEDS}`,
    async (fileSystem) => {
      const failed = await firstFailure(logThat(''), fileSystem, from('flush', 3, 24))
      expect(failed?.failures[0]?.name).toBe('false-success')
    },
  )

  testPowerCuts(`who deletes its directory at an error has destroyed it${NEEDS}`, async () => {
    const subject = logThat('rmSync(directory, { recursive: true }); throw error')
    const failed = await firstFailure(subject, 'ext4', from('write', 4, 24))
    expect(failed?.failures).toEqual([{ name: 'destroyed', detail: 'its directory is gone' }])
  })
})

describe('a block that can not be read', () => {
  const READS = from('read', 1, 3)

  testPowerCuts.each(BOTH)(
    `who takes it for no file is caught on %s, and who refuses is not${NEEDS}`,
    async (fileSystem) => {
      const careless = storeThat('try { pairs = pairsIn(path) } catch {}', CAREFUL_SAVE)
      const caught = await meet(careless, fileSystem, ['1.read-1'])
      expect(caught).toMatchObject([
        {
          verdict: 'fail',
          failures: [{ name: 'acked-lost', detail: expect.stringContaining('could not be read') }],
          confirmation: { agreed: true },
        },
      ])
      const careful = await meet(storeThat(CAREFUL_LOAD, CAREFUL_SAVE), fileSystem, READS)
      expectAllPass(careful)
    },
  )

  testPowerCuts(`who begins anew has lost all for good${NEEDS}`, async () => {
    const load = `try { pairs = pairsIn(path) } catch { rmSync(path, { force: true }) }`
    const [result] = await meet(storeThat(load, CAREFUL_SAVE), 'ext4', ['1.read-3'])
    expect(namesIn([result as RealErrorCase])).toEqual(['acked-lost', 'destroyed'])
  })
})

describe('a full volume', () => {
  const BLOCKS = [0, 1, 2, 3].map((blocks) => `1.free-${blocks * 4096}`)

  testPowerCuts.each(BOTH)(`our log keeps its promise on %s${NEEDS}`, async (fileSystem) => {
    const names = fileSystem === 'ext4' ? [...BLOCKS, '1.inodes-0', '1.inodes-1'] : BLOCKS
    const results = await meet(describedLog('wal'), fileSystem, names)
    expectAllPass(results)
    expect(results[0]?.delivered).toBe(true)
  })

  testPowerCuts.each(BOTH)(
    `who overwrites its file in place loses it on %s, and who replaces it does not${NEEDS}`,
    async (fileSystem) => {
      const careless = storeThat(CAREFUL_LOAD, 'writeFileSync(path, text, { flush: true })')
      const names = [0, 4, 5, 6].map((blocks) => `1.free-${blocks * 4096}`)
      const failed = await firstFailure(
        careless,
        fileSystem,
        anyOf([2, 3, 1], 'free', FEW_BLOCKS, ['-reopens']),
      )
      expect(failed).toMatchObject({
        struck: { refused: expect.stringContaining('ENOSPC') },
        confirmation: { agreed: true },
      })
      expectAllPass(await meet(storeThat(CAREFUL_LOAD, CAREFUL_SAVE), fileSystem, names))
    },
  )

  testPowerCuts(`who does not look how much was written is caught${NEEDS}`, async () => {
    const file = (write: string): DescribedSubject =>
      written(
        'file',
        `export function open(directory) {
          const path = join(directory, 'file')
          return {
            replace: (content) => replace(path, (file) => ${write}(file, content)),
            read: () => (existsSync(path) ? readFileSync(path, 'utf8') : null),
            close() {},
          }
        }`,
      )
    const blocks = [...FEW_BLOCKS, ...numbers(12, 20).map((each) => each * 4096)]
    const names = anyOf([3, 6, 1], 'free', blocks, ['-reopens'])
    const failed = await firstFailure(file('writeSync'), 'ext4', names)
    expect(failed).toMatchObject({ struck: { refused: null } })
    expect(failed?.failures[0]?.name).toBe('false-success')
    expectAllPass(await meet(file('writeAll'), 'ext4', names.slice(0, 8)))
  })

  testPowerCuts(`who ignores that no file could be made is caught${NEEDS}`, async () => {
    const save = `try { ${CAREFUL_SAVE} } catch {}`
    const name = '1.inodes-0-reopens'
    const failed = await firstFailure(storeThat(CAREFUL_LOAD, save), 'ext4', [name])
    expect(failed?.failures[0]?.name).toBe('false-success')
  })
})

test('how much is left goes block by block at the ends', () => {
  expect(leftsBetween(4, 8)).toEqual([4, 5, 6, 7])
  const lefts = leftsBetween(0, 1000)
  expect(lefts.slice(0, 3)).toEqual([0, 1, 2])
  expect(lefts.slice(-3)).toEqual([997, 998, 999])
  expect(lefts).toHaveLength(64)
  expect(leftsBetween(5, 3)).toEqual([])
})

testPowerCuts.each(BOTH)(
  `within a time each way is tried on %s, and nothing is left${NEEDS}`,
  async (fileSystem) => {
    expect(await lacksForRealErrors(fileSystem)).toEqual([])
    const results = await meet(describedLog('wal'), fileSystem, 1000)
    expectAllPass(results)
    const kinds = new Set(results.map(({ name }) => /\.([a-z]+)-/.exec(name)?.[1]))
    expect(kinds.has('flush') && kinds.has('write') && kinds.has('free')).toBe(true)
    expect(kinds.has('inodes')).toBe(fileSystem === 'ext4')
  },
)

testPowerCuts.each(['flush-3', 'read-1', 'free-4096'])(
  `nothing is left where it is stopped at %s${NEEDS}`,
  async (name) => {
    const stateDirectory = scratch()
    const controller = new AbortController()
    const reason = new Error('enough')
    const names = Array.from({ length: 50 }, () => `1.${name}`)
    const running = meetRealErrors({
      subject: describedLog('wal'),
      seed: SEED,
      fileSystem: 'ext4',
      stateDirectory,
      extent: { names },
      signal: controller.signal,
      onResult: () => setTimeout(() => controller.abort(reason), 30),
    })
    await expect(running).rejects.toBe(reason)
    expectNothingLeft(stateDirectory)
    expect(mountsSeenBy().some(({ mountPoint }) => mountPoint.startsWith(stateDirectory))).toBe(
      false,
    )
  },
)

testPowerCuts.each(['flush-3', 'read-1', 'free-4096', 'inodes-0'])(
  `nothing is left of a process that ends in the middle of %s${NEEDS}`,
  async (name) => {
    const stateDirectory = scratch()
    const names = Array.from({ length: 50 }, () => `2.${name}`)
    const options = { seed: SEED, fileSystem: 'ext4', stateDirectory, extent: { names } }
    const code = `
      import { meetRealErrors } from ${JSON.stringify(scriptPath('harness/io-error/real-errors.js'))}
      const options = ${JSON.stringify({ ...options, subject: describedLog('wal') })}
      const onResult = () => setTimeout(() => process.exit(7), 20)
      await meetRealErrors({ ...options, onResult })`
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      env: CHILD_ENVIRONMENT,
      encoding: 'utf8',
    })
    expect(child).toMatchObject({ status: 7, stderr: '' })
    expectNothingLeft(stateDirectory)
  },
)
