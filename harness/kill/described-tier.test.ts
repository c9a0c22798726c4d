import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import { moduleSubject } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { TierOptions, TierResult, TriedCase } from '../tier.ts'
import { describedKillTier } from './described-tier.ts'

const lacking = await lacksForPassthrough()
const testTier = test.skipIf(lacking.length > 0)
const NEEDS = lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; ')})` : ''

/** What the tier finds out about a log of lines whose `open` and `append` do something first. */
async function run(
  atOpen: string,
  atAppend: string,
  options: Partial<TierOptions> = {},
): Promise<TierResult> {
  const module = `
import fs from 'node:fs'
export function open(directory) {
  const path = directory + '/log'
  ${atOpen}
  if (!fs.existsSync(path)) fs.writeFileSync(path, '')
  const text = fs.readFileSync(path, 'utf8')
  fs.truncateSync(path, Buffer.byteLength(text.slice(0, text.lastIndexOf('\\n') + 1)))
  return {
    append(entry) {
      ${atAppend}
      const file = fs.openSync(path, 'a')
      fs.writeSync(file, JSON.stringify(entry) + '\\n')
      fs.fsyncSync(file)
      fs.closeSync(file)
    },
    read: () => fs.readFileSync(path, 'utf8').split('\\n').slice(0, -1).map((line) => JSON.parse(line)),
    close() {},
  }
}`
  return await describedKillTier.run({
    subject: moduleSubject(temporaryDirectory(), 'log', module),
    place: { folder: temporaryDirectory() },
    seed: 1,
    forMs: 0,
    only: null,
    everyPoint: false,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  })
}

const REFUSES_FUSE = `
  const FUSE = 0x65735546
  if (fs.statfsSync(directory).type === FUSE) throw new Error('not on FUSE')`

testTier(
  `what plays no history where operations are seen is killed at moments${NEEDS}`,
  async () => {
    const result = await run(REFUSES_FUSE, '')
    expect(result.remark).toBe(
      'it was killed at moments, since where its operations are seen it can’t be: without any fault, not on FUSE',
    )
    expect(result).toMatchObject({ of: null, failed: 0, inconclusive: 0 })
    expect(result.passed).toBeGreaterThan(0)
    await expect(run(REFUSES_FUSE, '', { only: '1.3b' })).rejects.toThrow('not on FUSE')
  },
)

testTier(`changes that leave nothing in the directory are told of${NEEDS}`, async () => {
  const { remark } = await run('let appended = 0', 'if (++appended % 2 === 0) return', {
    only: '1.1b',
  })
  expect(remark).toMatch(
    /^[4-7] of (9|1[0-4]) changes were acknowledged without any operation in its directory$/,
  )
})

testTier(
  `every point of the first history is a kill, and there are no moments${NEEDS}`,
  async () => {
    const { cases, of, passed } = await run('', '', { everyPoint: true })
    expect(cases).toBeGreaterThan(40)
    expect([cases, passed]).toEqual([of, of])
    await expect(run(REFUSES_FUSE, '', { everyPoint: true })).rejects.toThrow('not on FUSE')
  },
)

testTier(`no case is begun once there are enough, and each that was is told${NEEDS}`, async () => {
  const told: TriedCase[] = []
  const { cases, of } = await run('', '', {
    everyPoint: true,
    onCase: (tried) => void told.push(tried),
    isEnough: () => told.length >= 2,
  })
  // Those that were begun side by side are ended.
  const lanes = availableParallelism() + 1
  expect(cases).toBeGreaterThanOrEqual(2)
  expect(cases).toBeLessThanOrEqual(2 + lanes)
  expect(of).toBeGreaterThan(2 + lanes)
  expect(told).toHaveLength(cases)
  expect(told[0]).toEqual({
    case: expect.stringMatching(/^1\.\d+[abw]/),
    what: expect.stringMatching(/killed/),
    verdict: 'pass',
  })
})

const REWRITES_IN_PLACE = `
import fs from 'node:fs'
export function open(directory) {
  const path = directory + '/entries.json'
  const entries = fs.existsSync(path) ? JSON.parse(fs.readFileSync(path, 'utf8')) : []
  return {
    append(entry) {
      entries.push(entry)
      const file = fs.openSync(path, 'w')
      fs.writeSync(file, JSON.stringify(entries))
      fs.fsyncSync(file)
      fs.closeSync(file)
    },
    read: () => entries,
    close() {},
  }
}`

testTier(
  `a log that is rewritten in place is told by its file, made small, and fails again by its name${NEEDS}`,
  async () => {
    const options = {
      subject: moduleSubject(temporaryDirectory(), 'log', REWRITES_IN_PLACE),
      place: { folder: temporaryDirectory() },
      seed: 1,
      forMs: 0,
      only: null,
      everyPoint: false,
      signal: new AbortController().signal,
      onProgress: () => {},
    }
    const { problems, failed } = await describedKillTier.run(options)
    const told = problems.flatMap(({ story }) => story ?? [])
    expect(told.length).toBeGreaterThan(0)
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(failed)
    const [story] = told
    if (story === undefined) expect.unreachable()
    expect(story.struck).toMatch(/`(write|open-truncate) entries\.json` \(operation \d+\)/)
    expect(story.disk.at(-1)).toMatch(/entries\.json \([\d,]+ bytes?\)/)
    expect(story.reduced?.to.changes).toBeLessThanOrEqual(2)
    expect(story.case).toMatch(/^\d+:\d+-\d+\./)
    const again = await describedKillTier.run({ ...options, only: story.case })
    expect(again).toMatchObject({ cases: 1, failed: 1 })
    expect(again.problems[0]?.failures[0]?.name).toBe(story.failures[0]?.name)
  },
)
