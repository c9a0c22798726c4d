import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { promiseFor } from '../harness/subject/promise.ts'
import { packageRoot } from '../matrix/package-root.ts'
import { descriptionProblems } from '../matrix/subject/description-problems.ts'
import { decide } from './decide.ts'
import { smallestStory } from './figures.ts'
import { optionsOf } from './options.ts'
import { pageWith } from './page.ts'
import { descriptionAt, ROWS_BY_NAME, readJson, readResults } from './read.ts'
import type { Result } from './result.ts'
import { documentedIn, TIERS } from './row.ts'
import { pageBy } from './told.ts'

const ROWS = [...ROWS_BY_NAME]
const RESULTS = readResults()
const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(
  readJson(join(packageRoot, 'findings', 'row.schema.json')) as object,
)

test.each(ROWS)('the finding %s keeps the schema, with five seeds', (_, row) => {
  expect(validate(row), JSON.stringify(validate.errors)).toBe(true)
  expect(row.seeds).toHaveLength(5)
})

test.each(ROWS)('each description that the finding %s names is there and valid', (_, row) => {
  const paths = [row.description, documentedIn(row), ...(row.kind === 'kept' ? [] : [row.cured])]
  for (const path of paths) expect(descriptionProblems(descriptionAt(path)), path).toEqual([])
})

test.each(ROWS)('the finding %s quotes the words of a documentation, and says where', (_, row) => {
  const { words, source } = descriptionAt(documentedIn(row))
  expect(words).toBeTruthy()
  expect(source ?? (row.version === 'ours' ? 'docs/format.md' : '')).toMatch(
    /^https:\/\/|^docs\/format\.md$/,
  )
})

test.each(ROWS)(
  'the finding %s accuses nobody of more than the documentation promises',
  (_, row) => {
    const { promises } = descriptionAt(row.description)
    const documented = descriptionAt(documentedIn(row)).promises
    const isSame = TIERS[row.tier].faults.every(
      (fault) => promiseFor(promises, fault) === promiseFor(documented, fault),
    )
    expect(row.kind === 'unpromised' || isSame).toBe(true)
  },
)

test.each(ROWS)('the last runs of the finding %s are as the finding tells', (name, row) => {
  const result = RESULTS[name]
  if (result === undefined) throw new Error(`run npm run findings -- ${name} --write`)
  expect(decide(row, result)).toMatchObject({ outcome: 'as-told' })
  expect(result.seconds).toBe(row.seconds)
})

test.each(ROWS)('each story of the finding %s is of a failure that shows it', (name, row) => {
  if (row.kind === 'kept') return
  for (const fileSystem of row.shownOn) {
    const story = smallestStory(row, RESULTS[name] as Result, fileSystem)
    expect(row.failures.some((failure) => story?.words.includes(`; ${failure}: `))).toBe(true)
  }
})

test('there is no result without a finding', () => {
  expect(Object.keys(RESULTS).filter((name) => !ROWS_BY_NAME.has(name))).toEqual([])
})

test('docs/findings.md has the figures of the last runs, and no others', () => {
  const { now, due } = pageBy(RESULTS)
  expect(now).toBe(due)
})

test('neither the page nor the results name a folder of the machine on which they were made', () => {
  const texts = ['findings/results.json', 'docs/findings.md'].map((path) =>
    readFileSync(join(packageRoot, path), 'utf8'),
  )
  for (const text of texts) expect(text).not.toMatch(/\/(tmp|root|home|work|var)\//)
})

test('a block of the page is replaced, and what stands around it stays', () => {
  const page = 'before\n<!-- kept -->\nold\n<!-- /kept -->\nbehind'
  const due = 'before\n<!-- kept -->\n\nnew\n\n<!-- /kept -->\nbehind'
  expect(pageWith(page, new Map([['kept', 'new']]))).toBe(due)
  expect(pageWith(due, new Map([['kept', 'new']]))).toBe(due)
  expect(() => pageWith(page, new Map([['broken', 'new']]))).toThrow('no block broken')
})

test('all findings are run unless some are named, each once', () => {
  const known = ['git', 'steno']
  expect(optionsOf([], known)).toEqual({
    names: known,
    seconds: null,
    write: false,
    help: false,
  })
  expect(optionsOf(['steno', '--write', 'steno'], known)).toMatchObject({
    names: ['steno'],
    write: true,
  })
})

test('a name or an option that is not there is refused, with what was probably meant', () => {
  expect(() => optionsOf(['stena'], ['steno'])).toThrow('did you mean steno?')
  expect(() => optionsOf(['--wirte'], [])).toThrow('did you mean --write?')
  expect(() => optionsOf(['--write', '--write'], [])).toThrow('given twice')
  expect(() => optionsOf(['--write=no'], [])).toThrow('takes no value')
  expect(() => optionsOf(['--seconds'], [])).toThrow('needs a value')
  expect(() => optionsOf(['--seconds', '0'], [])).toThrow('a whole number from 1')
})

test('what is kept has the length that the findings say', () => {
  expect(optionsOf(['--seconds', '90'], [])).toMatchObject({ seconds: 90 })
  expect(() => optionsOf(['--seconds', '90', '--write'], [])).toThrow('leave out --seconds')
})
