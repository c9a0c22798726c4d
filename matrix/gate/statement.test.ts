import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import { readRun } from '../evidence/read.ts'
import { COMMIT, NOW, putRun, putShard, temporaryFolder } from '../testing/evidence.ts'
import { runGate } from './gate.ts'
import { statementOf, writeStatement } from './statement.ts'

const GATED = ['amd64/ext4', 'amd64/xfs', 'arm64/ext4']

async function statementFor(root: string, env: NodeJS.ProcessEnv = {}) {
  const options = { directory: root, commit: COMMIT, now: NOW, advisory: false }
  const { decision, runs } = await runGate(options)
  return statementOf(decision, runs, env)
}

function goodTree(): string {
  const root = temporaryFolder()
  for (const cell of GATED) putRun(root, cell)
  return root
}

test('its subject is the commit, and its configuration the evidence', async () => {
  const root = goodTree()
  const sums = GATED.map((cell) => {
    const read = readRun(join(root, cell, 'run-1'))
    return { name: `${cell}/run-1/SHA256SUMS`, digest: { sha256: read.ok ? read.sums : '' } }
  })
  expect(await statementFor(root)).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'commit', digest: { gitCommit: COMMIT } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: 'PASSED',
      configuration: sums,
      passedTests: GATED,
      warnedTests: [],
      failedTests: [],
    },
  })
})

test('a cell that is not gated and does not pass makes it WARNED', async () => {
  const root = goodTree()
  putShard(root, 'riscv64/ext4', { index: 1, of: 2 })
  expect((await statementFor(root)).predicate).toMatchObject({
    result: 'WARNED',
    passedTests: GATED,
    warnedTests: ['riscv64/ext4'],
  })
})

test('a gated cell that is missing makes it FAILED, and so does what stands beside any cell', async () => {
  const none = temporaryFolder()
  expect((await statementFor(none)).predicate).toMatchObject({
    result: 'FAILED',
    failedTests: GATED,
  })
  const { decision, runs } = await runGate({
    directory: goodTree(),
    commit: COMMIT,
    now: NOW,
    advisory: false,
  })
  const problems = { ...decision, decision: 'fail' as const, problems: ['notes.txt'] }
  expect(statementOf(problems, runs, {}).predicate).toMatchObject({
    result: 'FAILED',
    failedTests: [],
  })
})

test('in GitHub Actions it names the run of the workflow', async () => {
  const env = {
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'some/one',
    GITHUB_RUN_ID: '12',
  }
  expect((await statementFor(goodTree(), env)).predicate.url).toBe(
    'https://github.com/some/one/actions/runs/12',
  )
})

test('it is written whole, and not without a valid form or a commit', async () => {
  const statement = await statementFor(goodTree())
  const path = join(temporaryFolder(), 'statement.json')
  writeStatement(path, statement)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(statement)
  const wrong = { ...statement, subject: [] }
  expect(() => writeStatement(path, wrong)).toThrow('a statement file would not be valid: subject')
  expect(() => writeStatement(join(path, 'below'), statement)).toThrow(MachineError)
  const { decision, runs } = await runGate({
    directory: goodTree(),
    commit: COMMIT,
    now: NOW,
    advisory: false,
  })
  expect(() => statementOf({ ...decision, commit: null }, runs, {})).toThrow('needs a commit')
})
