import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { OperationLane } from '../observed/lane.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { FailureName } from '../oracle/failure.ts'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import { planErrorHistory } from '../plan/error-history.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { moduleSubject, PYTHON_STORE, withMore } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { meetErrors, type NamedErrorCase } from './campaign.ts'
import { MET_NOTHING } from './case-result.ts'
import { caseName, casesAt, type IoErrorCase } from './cases.ts'
import { playCase } from './error-case.ts'
import { IO_ERRORS } from './errors/index.ts'

const lacking = await lacksForPassthrough()
const testErrors = test.skipIf(lacking.length > 0)
const NEEDS = lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; ')})` : ''

const SEED = 11
const ALL = Number.POSITIVE_INFINITY

/** The cases of the first history that are meant, by their names. */
async function namesOf(
  subject: DescribedSubject,
  isMeant: (given: IoErrorCase, at: number) => boolean,
) {
  const lane = await OperationLane.create({ subject, folder: temporaryDirectory() })
  try {
    const planned = planErrorHistory(subject.description.kind, SEED, 1)
    const { operations, problem } = await lane.count(planned, { reads: true, sizes: true })
    expect(problem).toBeNull()
    return casesAt(operations)
      .filter(isMeant)
      .map((given) => `1.${caseName(given)}`)
  } finally {
    await lane.remove()
  }
}

async function met(subject: DescribedSubject, names: readonly string[]): Promise<NamedErrorCase[]> {
  const root = temporaryDirectory()
  const { results, planned } = await meetErrors({ subject, seed: SEED, root, extent: { names } })
  expect(results.map(({ name }) => name).sort()).toEqual([...names].sort())
  expect(planned).toBeGreaterThanOrEqual(names.length)
  return results
}

/** What became of the cases that are meant, by words: the verdicts, and the failures’ names. */
async function comesTo(
  subject: DescribedSubject,
  isMeant: (given: IoErrorCase, at: number) => boolean,
  most = 3,
): Promise<string[]> {
  const names = (await namesOf(subject, isMeant)).slice(0, most)
  expect(names.length).toBeGreaterThan(0)
  const results = await met(subject, names)
  for (const { verdict, confirmation } of results) {
    expect(confirmation?.agreed ?? null).toBe(verdict === 'fail' ? true : null)
  }
  return [...new Set(results.map(inWords))].sort()
}

const inWords = ({ verdict, failures }: NamedErrorCase): string =>
  verdict === 'fail' ? failures.map(({ name }) => name).join('+') : verdict

const fail = (...names: FailureName[]): string => names.join('+')

/** Every so many-th of the cases. */
const each = (step: number) => (_: IoErrorCase, at: number) => at % step === 0

const reopensAt =
  (kind: string, error: string) =>
  ({ operation, ...given }: IoErrorCase): boolean =>
    operation.kind === kind && given.error === error && given.sequel === 'reopens'

const module = (kind: 'log' | 'store' | 'file', source: string): DescribedSubject =>
  moduleSubject(temporaryDirectory(), kind, `import fs from 'node:fs'\n${source}`)

/** Writes all of it, however often that has to be asked for. */
const WRITE_ALL = `
const writeAll = (file, bytes) => { for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at) }
const sync = (path) => { const f = fs.openSync(path); try { fs.fsyncSync(f) } finally { fs.closeSync(f) } }
`

/**
 * A log of lines in one file, cut back at its opening to the last whole one. `line` appends bytes to `file` behind
 * `end`; `failed` is done with an error.
 */
const logThat = ({
  line = 'writeAll(file, bytes); fs.fsyncSync(file)',
  failed = 'isBroken = true',
  before = 'if (isBroken) { fs.ftruncateSync(file, end); fs.fsyncSync(file); isBroken = false }',
}: {
  line?: string
  failed?: string
  before?: string
} = {}): DescribedSubject =>
  module(
    'log',
    `${WRITE_ALL}
export function open(directory) {
  const path = directory + '/log'
  let file, end, isBroken = false
  const fails = (error) => { ${failed}; throw error }
  try {
    file = fs.openSync(path, 'a+')
    end = fs.readFileSync(path).lastIndexOf('\\n') + 1
    fs.ftruncateSync(file, end)
    fs.fsyncSync(file)
  } catch (error) {
    if (file !== undefined) fs.closeSync(file)
    fails(error)
  }
  return {
    append(entry) {
      const bytes = Buffer.from(JSON.stringify(entry) + '\\n')
      try { ${before}; ${line}; end += bytes.length } catch (error) { fails(error) }
    },
    // What stands on a line before its entry is told as a part of it; what is no entry is skipped.
    read: () => fs.readFileSync(path, 'utf8').split('\\n').flatMap((text) => {
      try { return [JSON.parse(text.replaceAll('\\0', ''))] } catch { return [] }
    }),
    close: () => fs.closeSync(file),
  }
}`,
  )

/** A store in a JSON file, which `save` puts there as \`text\`. */
const storeThat = (
  save: string,
  load = "fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : '[]'",
): DescribedSubject =>
  module(
    'store',
    `${WRITE_ALL}
export function open(directory) {
  const path = directory + '/store'
  const parse = (text) => { try { return JSON.parse(text) } catch { return [] } }
  let pairs = new Map(parse(${load}))
  const change = (changed) => { const text = JSON.stringify([...changed]); ${save}; pairs = changed }
  return {
    put: (key, value) => change(new Map(pairs).set(key, value)),
    delete: (key) => change(new Map([...pairs].filter(([each]) => each !== key))),
    read: () => [...pairs],
    close() {},
  }
}`,
  )

const BY_RENAME = `
    const next = path + '.next'
    const file = fs.openSync(next, 'w')
    try { writeAll(file, Buffer.from(text)); fs.fsyncSync(file) } finally { fs.closeSync(file) }
    fs.renameSync(next, path)
    sync(directory)`

testErrors(`a log that cuts back what failed passes, whatever it meets${NEEDS}`, async () => {
  const subject = logThat()
  const names = await namesOf(subject, each(3))
  const results = await met(subject, names)
  expect(results.map(inWords)).toEqual(results.map(() => 'pass'))
  expect(results.every(({ delivered }) => delivered)).toBe(true)
  expect(new Set(results.map((result) => result.case.error)).size).toBeGreaterThan(9)
  expect(new Set(results.map((result) => result.case.sequel)).size).toBe(2)
  const honest = results.filter(({ struck }) => struck?.refused !== null)
  expect(honest.length).toBeGreaterThan(results.length / 2)
})

testErrors.each([
  ['ends its process at any error', () => logThat({ failed: 'process.exit(1)' })],
  [
    'must be opened again behind an error',
    () => logThat({ before: 'if (isBroken) throw new Error("open it again")' }),
  ],
  ['replaces its file by a rename', () => storeThat(BY_RENAME)],
] as const)(`a subject passes that %s${NEEDS}`, async (_, subject) => {
  expect(await comesTo(subject(), each(7), ALL)).toEqual(['pass'])
})

testErrors(`a program in another language passes${NEEDS}`, async () => {
  expect(await comesTo(PYTHON_STORE, each(29), ALL)).toEqual(['pass'])
})

testErrors(`what renames a file that was written in part is caught${NEEDS}`, async () => {
  const subject = module(
    'file',
    `${WRITE_ALL}
export function open(directory) {
  const path = directory + '/file'
  return {
    replace(content) {
      const file = fs.openSync(path + '.next', 'w')
      try { fs.writeSync(file, content); fs.fsyncSync(file) } finally { fs.closeSync(file) }
      fs.renameSync(path + '.next', path)
      sync(directory)
    },
    read: () => (fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : null),
    close() {},
  }
}`,
  )
  const both = fail('false-success', 'destroyed')
  expect(await comesTo(subject, reopensAt('write', 'full-half'))).toEqual([both])
  // Node writes again what was not written, until it is told why.
  expect(await comesTo(subject, reopensAt('write', 'short-half'))).toEqual(['pass'])
  expect(await comesTo(subject, reopensAt('write', 'EIO'))).toEqual(['pass'])
})

testErrors(`a log that appends behind a torn tail goes silent${NEEDS}`, async () => {
  const subject = logThat({ before: '' })
  const isMeant = ({ operation, error, sequel }: IoErrorCase): boolean =>
    operation.kind === 'write' &&
    /^append [123]$/.test(operation.during) &&
    error === 'full-half' &&
    sequel === 'goes-on'
  expect(await comesTo(subject, isMeant)).toEqual([fail('silent')])
  expect(await comesTo(subject, reopensAt('write', 'full-half'))).toEqual(['pass'])
})

testErrors(`a sync’s error that is swallowed is a false success${NEEDS}`, async () => {
  const subject = logThat({ line: 'writeAll(file, bytes); try { fs.fsyncSync(file) } catch {}' })
  expect(await comesTo(subject, reopensAt('fsync', 'sync-lost'))).toEqual([fail('false-success')])
  // What a sync refused is gone with the power, though the cache has it still.
  expect(await comesTo(subject, reopensAt('fsync', 'EIO'))).toEqual([fail('false-success')])
})

testErrors(`a read that failed and is answered with less is no success${NEEDS}`, async () => {
  const subject = logThat()
  const source = readFileSync(join(subject.folder, 'subject.mjs'), 'utf8')
  const answersLess = moduleSubject(
    temporaryDirectory(),
    'log',
    source
      .replace('read: () => fs.', 'read: () => reads(path).')
      .replace("reads(path).readFileSync(path, 'utf8')", 'reads(path)') +
      "\nconst reads = (path) => { try { return fs.readFileSync(path, 'utf8') } catch { return '' } }",
  )
  const isMeant = ({ operation, error }: IoErrorCase): boolean =>
    operation.during === 'read' && operation.kind === 'read' && error === 'EIO'
  expect(await comesTo(subject, isMeant)).toEqual(['pass'])
  expect(await comesTo(answersLess, isMeant)).toEqual([fail('destroyed')])
})

testErrors(`what is not durable without an error is not accused of it${NEEDS}`, async () => {
  const subject = logThat({ line: 'writeAll(file, bytes)', before: '' })
  expect(await comesTo(subject, reopensAt('write', 'short-half'))).toEqual(['pass'])
})

testErrors(
  `a store that is written over in place is destroyed by a full disk${NEEDS}`,
  async () => {
    const subject = storeThat('fs.writeFileSync(path, text); sync(path); sync(directory)')
    for (const error of ['full-half', 'full-none']) {
      expect(await comesTo(subject, reopensAt('write', error))).toContain(fail('destroyed'))
    }
  },
)

testErrors(
  `what takes a read that failed for nothing there destroys what was${NEEDS}`,
  async () => {
    const subject = storeThat(
      BY_RENAME,
      "(() => { try { return fs.readFileSync(path, 'utf8') } catch { return '[]' } })()",
    )
    const isMeant = ({ operation, error }: IoErrorCase): boolean =>
      operation.kind === 'read' && operation.during === 'open' && error === 'EIO'
    expect(await comesTo(subject, isMeant)).toContain(fail('destroyed'))
  },
)

testErrors(`a subject that removes its directory at an error is destroyed${NEEDS}`, async () => {
  const subject = logThat({ failed: 'fs.rmSync(directory, { recursive: true })' })
  expect(await comesTo(subject, reopensAt('fsync', 'EIO'))).toEqual([fail('destroyed')])
})

testErrors(`one that tries again for ever gives no verdict, and says why${NEEDS}`, async () => {
  const retrying = logThat({
    line: 'writeAll(file, bytes); for (;;) try { fs.fsyncSync(file); break } catch {}',
  })
  const subject = withMore(retrying, { timeoutMs: 1500 })
  const [name = ''] = await namesOf(subject, reopensAt('fsync', 'syncs-fail'))
  const [result] = await met(subject, [name])
  expect(result).toMatchObject({ verdict: 'inconclusive', failures: [], delivered: true })
  expect(result?.reason).toMatch(/^append \d+: it gave no answer in 1500 ms/)
})

testErrors.each([
  ['refuses', () => logThat({ line: 'throw new Error("no")' }), 'without any error, no'],
  [
    'fails',
    () => logThat({ line: '' }),
    'without any error it does not pass: acked-lost: as the living process reads it: 5 entries were acknowledged',
  ],
] as const)(
  `a subject that %s without any error can't be judged${NEEDS}`,
  async (_, subject, why) => {
    const running = met(subject(), ['1.1-EIO-goes-on'])
    await expect(running).rejects.toThrow(CannotJudge)
    await expect(running).rejects.toThrow(why)
  },
)

testErrors(
  `a later history that can't be played leaves what was found before it${NEEDS}`,
  async () => {
    // Contents begin with the number of their history.
    const subject = logThat({ before: 'if (entry.startsWith("2-")) throw new Error("no")' })
    const names = ['1.1-EIO-goes-on', '2.1-EIO-goes-on']
    const results = await met(subject, names)
    expect(results.map(({ verdict, reason }) => ({ verdict, reason }))).toEqual([
      { verdict: 'pass', reason: null },
      { verdict: 'inconclusive', reason: 'without any error, no' },
    ])
  },
)

testErrors(`what only a process shows that met another case is not told${NEEDS}`, async () => {
  const side = join(temporaryDirectory(), 'side')
  // Once it has met an error, it empties at its closings what stands in the directories of later cases.
  const subject = logThat({ failed: 'isBroken = true; globalThis.metIn = globalThis.directories' })
  const path = join(subject.folder, 'subject.mjs')
  const source = readFileSync(path, 'utf8')
    .replace(
      "const path = directory + '/log'",
      `$&
  if (!fs.existsSync(path)) globalThis.directories = 1 + (globalThis.directories ?? 0)`,
    )
    .replace(
      'close: () => fs.closeSync(file)',
      `close() {
      if (globalThis.metIn < globalThis.directories) {
        fs.appendFileSync(${JSON.stringify(side)}, process.pid + '\\n')
        fs.ftruncateSync(file, 0)
      }
      fs.closeSync(file)
    }`,
    )
  writeFileSync(path, source)
  const isMeant = (given: IoErrorCase, at: number): boolean =>
    each(9)(given, at) && given.operation.during !== 'open'
  const names = await namesOf(subject, isMeant)
  const results = await met(subject, names)
  expect(results.map(inWords)).toEqual(results.map(() => 'pass'))
  const wrong = new Set(readFileSync(side, 'utf8').trimEnd().split('\n'))
  expect(names.length).toBeGreaterThan(5 * (availableParallelism() + 1))
  expect(wrong.size).toBeLessThanOrEqual(availableParallelism() + 1)
})

testErrors(`a case that is named is made again as it was${NEEDS}`, async () => {
  const subject = logThat({ line: 'writeAll(file, bytes); try { fs.fsyncSync(file) } catch {}' })
  const names = (await namesOf(subject, reopensAt('fsync', 'sync-lost'))).slice(0, 2)
  const told = (results: NamedErrorCase[]) =>
    results
      .map(({ confirmation: _, ...result }) => result)
      .sort((a, b) => a.name.localeCompare(b.name))
  const first = told(await met(subject, names))
  expect(told(await met(subject, names))).toEqual(first)
  expect(first.map(({ met }) => met)).toEqual(
    first.map(({ case: { operation } }) => operation.name),
  )
  expect(first[0]?.struck).toMatchObject({ refused: null, change: first[0]?.struck?.sent })
})

testErrors(`with no time left the least number of cases is made${NEEDS}`, async () => {
  const told: string[] = []
  const { results, planned } = await meetErrors({
    subject: logThat(),
    seed: SEED,
    root: temporaryDirectory(),
    extent: { forMs: 0 },
    onResult: ({ name }) => told.push(name),
  })
  expect(told).toEqual(results.map(({ name }) => name))
  expect(results.length).toBeGreaterThanOrEqual(40)
  expect(planned).toBeGreaterThan(results.length)
})

testErrors(`stopping it leaves nothing running or mounted${NEEDS}`, async () => {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const running = meetErrors({
    subject: logThat(),
    seed: SEED,
    root: temporaryDirectory(),
    extent: { forMs: 60_000 },
    signal: abort.signal,
    onResult: () => abort.abort(new Error('enough')),
  })
  await expect(running).rejects.toThrow('enough')
})

testErrors(
  `a full disk is held to its own promise, also with the power cut behind it${NEEDS}`,
  async () => {
    const swallows = logThat({ line: 'try { writeAll(file, bytes) } catch {}; fs.fsyncSync(file)' })
    const isMeant = reopensAt('write', 'full-none')
    expect(await comesTo(swallows, isMeant)).toEqual([fail('false-success')])
    const promises = { kill: 'durable', 'power-cut': 'durable', 'full-disk': 'opens' } as const
    expect(await comesTo(withMore(swallows, { promises }), isMeant)).toEqual(['pass'])
  },
)

testErrors(`a case whose error meets nothing is one that is tried again${NEEDS}`, async () => {
  const subject = logThat()
  const lane = await OperationLane.create({ subject, folder: temporaryDirectory() })
  const writer = lane.newWriter()
  try {
    const operation = { number: 9999, kind: 'fsync' } as const
    const given = { row: IO_ERRORS.EIO, operation, sequel: 'goes-on' } as const
    const scene = { subject, lane, writer, looksAgain: false, cutsPower: false }
    const result = await playCase(scene, planErrorHistory('log', SEED, 1), given)
    expect(result).toMatchObject({ verdict: 'inconclusive', reason: MET_NOTHING })
  } finally {
    await writer.stop()
    await lane.remove()
  }
})
