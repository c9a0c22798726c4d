import { readdirSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { OperationLane } from '../../observed/lane.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import { lacksForPassthrough } from '../../passthrough/requirements.ts'
import { planKilledHistory } from '../../plan/killed-history.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { ASYNC_FILE, LINES_LOG, moduleSubject, PYTHON_STORE } from '../../testing/described.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { killAtOperations, type NamedResult } from './campaign.ts'
import { pointName, pointsAt } from './points.ts'

const lacking = await lacksForPassthrough()
const testKills = test.skipIf(lacking.length > 0)
const NEEDS = lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; ')})` : ''

const SEED = 11

/** The names of the points of the first history, if it can be counted. */
async function namesOf(subject: DescribedSubject): Promise<string[]> {
  const lane = await OperationLane.create({ subject, folder: temporaryDirectory() })
  try {
    const { operations } = await lane.count(planKilledHistory(subject.description.kind, SEED, 1))
    const points = pointsAt(operations)
    return points.length === 0 ? ['1.1b'] : points.map((point) => `1.${pointName(point)}`)
  } finally {
    await lane.remove()
  }
}

/** Kills a subject at every `step`-th point of the first history, which has hundreds. */
async function killed(subject: DescribedSubject, step: number): Promise<NamedResult[]> {
  const names = await namesOf(subject)
  const { results, points } = await killAtOperations({
    subject,
    seed: SEED,
    root: temporaryDirectory(),
    extent: { names: names.filter((_, at) => at % step === 0) },
  })
  expect(points).toBe(names.length)
  expect(results.length).toBe(Math.ceil(points / step))
  return results
}

const failuresOf = (results: NamedResult[]): string[] => [
  ...new Set(results.flatMap(({ failures }) => failures.map(({ name }) => name))),
]

/** A log of lines in one file, which `append` writes as a program's own mistake has it. */
const logThat = (append: string): string => `
import fs from 'node:fs'
export function open(directory) {
  const path = directory + '/log'
  const next = directory + '/log.new'
  const read = () => (fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : '')
  const lines = () => read().split('\\n').slice(0, -1).map((line) => JSON.parse(line))
  if (!fs.existsSync(path)) fs.writeFileSync(path, '')
  else if (!read().endsWith('\\n')) fs.writeFileSync(path, read().replace(/[^\\n]*$/, ''))
  const sync = (where) => { const f = fs.openSync(where); fs.fsyncSync(f); fs.closeSync(f) }
  return { append(entry) { const line = JSON.stringify(entry) + '\\n'; ${append} }, read: lines, close() {} }
}`

testKills(`a log that syncs survives a kill at each of its operations${NEEDS}`, async () => {
  const results = await killed(LINES_LOG, 4)
  expect(results.map(({ verdict }) => verdict)).toEqual(results.map(() => 'pass'))
  expect(results.every(({ delivered }) => delivered)).toBe(true)
  expect(new Set(results.map(({ point }) => point.moment))).toEqual(
    new Set(['before', 'within', 'after']),
  )
})

testKills.each([
  ['a store in Python', PYTHON_STORE],
  ['a file that is replaced', ASYNC_FILE],
] as const)(`%s survives kills${NEEDS}`, async (_, subject) => {
  const results = await killed(subject, 17)
  expect(results.map(({ verdict }) => verdict)).toEqual(results.map(() => 'pass'))
})

testKills(`what stands nowhere between two renames is lost between them${NEEDS}`, async () => {
  const source = logThat(`
    fs.writeFileSync(next, read() + line); sync(next)
    fs.renameSync(path, path + '.old'); fs.renameSync(next, path); sync(directory)`)
  const results = await killed(moduleSubject(temporaryDirectory(), 'log', source), 7)
  const failed = results.filter(({ verdict }) => verdict === 'fail')
  expect(failuresOf(failed)).toContain('acked-lost')
  // The gap is before the second rename, and is what is left after the first one; so it is at each append.
  const gap = ['before rename log.new to log', 'after rename log to log.old']
  for (const { point } of failed) expect(gap).toContain(`${point.moment} ${point.operation}`)
  expect(failed.every(({ confirmation }) => confirmation?.agreed === true)).toBe(true)
})

testKills(`an append that is made of two writes is cut between them${NEEDS}`, async () => {
  // It recovers what ends in a line, and takes the half of an entry for one.
  const source = logThat(`
    const half = line.length > 4000 ? Math.floor(line.length / 2) : line.length
    fs.appendFileSync(path, line.slice(0, half) + (half < line.length ? '"\\n' : ''))
    if (half < line.length) { fs.truncateSync(path, fs.statSync(path).size - 2); fs.appendFileSync(path, line.slice(half)) }
    sync(path)`)
  const results = await killed(moduleSubject(temporaryDirectory(), 'log', source), 2)
  expect(failuresOf(results)).toEqual(['altered'])
})

testKills(`a subject that refuses without a fault can't be judged${NEEDS}`, async () => {
  const source = logThat('throw new Error("no")')
  const subject = moduleSubject(temporaryDirectory(), 'log', source)
  await expect(killed(subject, 1)).rejects.toThrow(new CannotJudge('without any fault, no'))
})

testKills(`a subject that leaves its directory makes no operation there${NEEDS}`, async () => {
  const elsewhere = temporaryDirectory()
  const source = logThat('fs.appendFileSync(path, line); sync(path)').replace(
    "directory + '/log'",
    JSON.stringify(`${elsewhere}/log`),
  )
  const subject = moduleSubject(temporaryDirectory(), 'log', source)
  await expect(killed(subject, 1)).rejects.toThrow('it makes no operation in its directory')
})

testKills(
  `what only a process sees that recovered in other cases is no failure${NEEDS}`,
  async () => {
    // It reads what it has read before, in whichever directory that was.
    const source = logThat('fs.appendFileSync(path, line); sync(path)')
      .replace("import fs from 'node:fs'", "import fs from 'node:fs'\nconst seen = new Set()")
      .replace('read: lines', 'read: () => (lines().forEach((line) => seen.add(line)), [...seen])')
    const results = await killed(moduleSubject(temporaryDirectory(), 'log', source), 9)
    expect(results.map(({ verdict }) => verdict)).toEqual(results.map(() => 'pass'))
  },
)

/** A log of which some processes, numbered from 1, make a file more than the others when they have appended. */
function logThatVaries(makesMore: (number: number) => boolean): DescribedSubject {
  const processes = `${temporaryDirectory()}/processes`
  const source = `${logThat('fs.appendFileSync(path, line); sync(path); if (!isKnown) more(directory)')}
let isKnown = false
function more(directory) {
  isKnown = true
  fs.appendFileSync('${processes}', '.')
  if ((${makesMore})(fs.statSync('${processes}').size)) fs.writeFileSync(directory + '/more', 'x')
}`
  return moduleSubject(temporaryDirectory(), 'log', source)
}

// The first two processes are counted; of a recovery, there is none between the tries.
testKills.each([
  ['comes at the third try is a kill', (n: number) => n < 3 || n > 4, true, null],
  ['never comes is tried three times', (n: number) => n < 3, false, 'in 3 tries there was no such'],
] as const)(`a point that %s${NEEDS}`, async (_, makesMore, came, reason) => {
  const subject = logThatVaries(makesMore)
  const extent = { names: (await namesOf(subject)).slice(-1) }
  const options = { subject, seed: SEED, root: temporaryDirectory(), extent }
  const { results } = await killAtOperations(options)
  expect(results).toMatchObject([{ came, delivered: came }])
  if (reason !== null) expect(results[0]?.reason).toContain(reason)
})

testKills(`what the seed means by a number is the same kill again${NEEDS}`, async () => {
  const numbers = [1, 4]
  const runs = []
  for (const root of [temporaryDirectory(), temporaryDirectory()]) {
    const { results } = await killAtOperations({
      subject: LINES_LOG,
      seed: SEED,
      root,
      extent: { numbers },
    })
    expect(readdirSync(root).every((name) => name.startsWith('lane-'))).toBe(true)
    runs.push(results.map(({ name, point, verdict }) => ({ name, point, verdict })))
  }
  const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name)
  expect(runs[0]?.sort(byName)).toEqual(runs[1]?.sort(byName))
  expect(runs[0]).toHaveLength(2)
})

testKills(`with no time left the least number of kills is made${NEEDS}`, async () => {
  const told: string[] = []
  const { results, points } = await killAtOperations({
    subject: LINES_LOG,
    seed: SEED,
    root: temporaryDirectory(),
    extent: { forMs: 0 },
    onResult: ({ name }) => told.push(name),
  })
  expect(told).toEqual(results.map(({ name }) => name))
  expect(results.length).toBeGreaterThanOrEqual(12)
  expect(points).toBeGreaterThan(results.length)
})

testKills(`stopping it leaves nothing running or mounted${NEEDS}`, async () => {
  const abort = new AbortController()
  const root = temporaryDirectory()
  onTestFinished(() => abort.abort())
  const running = killAtOperations({
    subject: LINES_LOG,
    seed: SEED,
    root,
    extent: { forMs: 60_000 },
    signal: abort.signal,
    onResult: () => abort.abort(new Error('enough')),
  })
  await expect(running).rejects.toThrow('enough')
})
