import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { checkSubject, type RuleCheck } from '../harness/subject/check/check.ts'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { DESCRIPTIONS, described, whyNot } from './described.ts'

/** It loses what it holds without any fault, which its README tells. */
const BROKEN = 'nedb/as-it-comes.json'

const SCHEMA = join(import.meta.dirname, '../schemas/subject.schema.json')
const ajv = new Ajv2020({ strict: true })
addFormats.default(ajv)
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))

async function check(path: string): Promise<RuleCheck[]> {
  const { rules } = await checkSubject(described(path), { scratch: temporaryDirectory() })
  return rules
}

test.each(DESCRIPTIONS)(
  '%s keeps the schema of descriptions, and has the name of its file',
  (path) => {
    const { description } = described(path)
    expect(validate(description), JSON.stringify(validate.errors)).toBe(true)
    const setting = basename(path, '.json')
    const folder = dirname(path)
    expect(description.name).toBe(setting === 'pullplug' ? folder : `${folder}-${setting}`)
  },
)

test.for(DESCRIPTIONS.filter((path) => path !== BROKEN))(
  '%s describes a subject that keeps every rule of the contract',
  async (path, { skip }) => {
    const reason = whyNot(described(path))
    skip(reason !== undefined, reason)
    const checks = await check(path)
    expect(checks.filter(({ kept }) => kept !== true)).toEqual([])
    expect(checks.length).toBeGreaterThan(6)
  },
)

test('NeDB as it comes loses a document with a line separator, without any fault', async ({
  skip,
}) => {
  const reason = whyNot(described(BROKEN))
  skip(reason !== undefined, reason)
  const checks = await check(BROKEN)
  expect(checks.find(({ kept }) => kept === false)).toMatchObject({
    rule: 'it closes, and holds the same when it is opened again',
    detail: expect.stringMatching(
      /^open was refused without a fault: \d+% of the data file is corrupt/,
    ),
  })
})

test('the root publishes no program that is installed in this folder, and installs none', () => {
  const root = join(import.meta.dirname, '..')
  const args = ['pack', '--dry-run', '--ignore-scripts', '--json']
  const [pack] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as [
    { files: { path: string }[] },
  ]
  expect(pack.files.filter(({ path }) => path.includes('node_modules/'))).toEqual([])
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  expect(lock).not.toContain('better-sqlite3')
})
