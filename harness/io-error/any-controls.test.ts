import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { SubjectPromise } from '../oracle/promises/index.ts'
import { lacksForPassthrough } from '../passthrough/requirements.ts'
import type { DescribedSubject } from '../subject/description.ts'
import {
  ASYNC_FILE,
  LINES_LOG,
  moduleSubject,
  PYTHON_STORE,
  withMore,
} from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { TierControl } from '../tier.ts'
import { catchAnyControls } from './any-controls.ts'

const lacking = await lacksForPassthrough()
const testControls = test.skipIf(lacking.length > 0)
const NEEDS = lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; ')})` : ''

/** The controls that a subject gives; nothing of them is left behind. */
async function controlsOf(subject: DescribedSubject): Promise<TierControl[]> {
  const root = temporaryDirectory()
  const controls = await catchAnyControls({ subject, seed: 11, root })
  expect(controls.map(({ name }) => name)).toEqual(['pretended-write', 'another-history'])
  expect(readdirSync(root)).toEqual([])
  return controls
}

const promising = (promise: SubjectPromise): DescribedSubject =>
  withMore(LINES_LOG, {
    promises: { kill: 'durable', 'power-cut': 'durable', 'io-error': promise },
  })

testControls.each([
  ['log', LINES_LOG],
  ['store', PYTHON_STORE],
  ['file', ASYNC_FILE],
] as const)(
  `a write that was never made, and what is strange, is seen in a %s${NEEDS}`,
  async (_, subject) => {
    for (const { caught, failure, by, tries, unseenBecause } of await controlsOf(subject)) {
      expect({ caught, unseenBecause }).toEqual({ caught: true, unseenBecause: null })
      expect(failure).not.toBeNull()
      expect(by).toMatch(/ write .* is answered success and not made$|^what 10 other changes left$/)
      expect(tries).toBeGreaterThan(0)
    }
  },
)

testControls.each([
  ['ordered', [false, true]],
  ['each', [false, true]],
  ['opens', [false, false]],
] as const)(
  `what a promise of %s under errors allows need not be caught${NEEDS}`,
  async (promise, due) => {
    const controls = await controlsOf(promising(promise))
    expect(controls.map(({ caught }) => caught)).toEqual(due)
    expect(controls.map(({ unseenBecause }) => unseenBecause === null)).toEqual(due)
  },
)

testControls(
  `a subject that looks at what it wrote, and makes it good, is not caught${NEEDS}`,
  async () => {
    const source = `
import fs from 'node:fs'
export function open(directory) {
  const path = directory + '/file'
  const read = () => (fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : null)
  return {
    replace(content) { while (read() !== content) fs.writeFileSync(path, content) },
    read,
    close() {},
  }
}`
    const [pretended] = await controlsOf(moduleSubject(temporaryDirectory(), 'file', source))
    expect(pretended).toMatchObject({ caught: false, failure: null, by: null, unseenBecause: null })
    expect(pretended?.tries).toBeGreaterThan(0)
  },
)

testControls(`a subject that refuses without any error can't be judged${NEEDS}`, async () => {
  const source = 'export function open() { throw new Error("no") }'
  const subject = moduleSubject(temporaryDirectory(), 'log', source)
  const running = controlsOf(subject)
  await expect(running).rejects.toThrow(new CannotJudge('without any error, no'))
})
