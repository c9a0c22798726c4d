import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { COMMIT, conclude, putRun, temporaryFolder } from '../testing/evidence.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

async function gateInActions(...flags: string[]) {
  const cwd = temporaryFolder()
  putRun(join(cwd, 'evidence'), 'amd64/ext4', (draft) => {
    const failures = [{ name: 'hole', detail: 'entry 1 is missing' }]
    Object.assign(draft.iterations[1] ?? {}, { verdict: 'fail', failures })
    conclude(draft)
  })
  const summary = join(temporaryFolder(), 'summary.md')
  writeFileSync(summary, '')
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
  const args = [CLI, 'gate', 'evidence', '--commit', COMMIT, '--max-age', '1000000', ...flags]
  const result = await execa(process.execPath, args, { cwd, env, reject: false })
  return { ...result, summary: readFileSync(summary, 'utf8') }
}

const REPLAY = 'amd64/ext4/run-1 --iteration 2'

test('in GitHub Actions a failed cell is annotated, with the line that reproduces it', async () => {
  const { stdout, exitCode } = await gateInActions()
  expect(exitCode).toBe(1)
  expect(stdout).toContain('::error title=pullplug amd64/ext4::run-1: it failed: kill: 1 of 2')
  expect(stdout).toContain('%0Ahole: ')
  expect(stdout).toContain('entry 1 is missing')
  expect(stdout).toMatch(/%0Anpx pullplug replay \S+\/amd64\/ext4\/run-1 --iteration 2$/m)
})

test('the step summary has a grid of cells, and the replay lines', async () => {
  const { summary } = await gateInActions()
  expect(summary).toContain('Pullplug gate: fail')
  expect(summary).toContain('| arm64 | ❌ | — |')
  expect(summary).toContain(REPLAY)
  expect(summary).toMatch(
    /<details><summary>amd64\/ext4 <code>hole: .*\n\n```text\nhole: (?:.|\n)* entry 1 is missing/,
  )
})

test('as advice it only warns', async () => {
  const { stdout, exitCode, summary } = await gateInActions('--advisory')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('::warning title=pullplug amd64/ext4::')
  expect(stdout).not.toContain('::error title=pullplug amd64')
  expect(summary).toContain('(advisory)')
})

test('with --json stdout holds the JSON alone', async () => {
  const { stdout, summary } = await gateInActions('--json')
  expect(JSON.parse(stdout).decision).toBe('fail')
  expect(summary).toContain('Pullplug gate: fail')
})
