import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CellJob } from '../matrix/cell-jobs.ts'
import type { GateDecision } from '../matrix/gate/decision.ts'
import type { Statement } from '../matrix/gate/statement.ts'
import { nativeArch } from '../matrix/host.ts'
import { playAction, readAction } from './action.ts'
import { type Contexts, fillIn, isDue } from './expression.ts'
import { playJob } from './play-job.ts'
import { makeStage, type Stage } from './stage.ts'
import { readWorkflow, type WorkflowJob } from './workflow.ts'

/** What a night is asked for, as by hand, so that it is short. */
const ASKED = { seed: '42', iterations: '4', states: '400' }
/** The cell whose second machine is lost, as machines are. */
const HALF_LOST = 'riscv64/ext4'
/** Whether one cell is enough, where there is no time: the emulated one takes minutes. */
const IS_SHORT = process.env.REHEARSE === 'short'
/** The cells that are played, on one machine: those of its own architecture natively, the others emulated. */
const PLAYED = IS_SHORT ? ['amd64/ext4'] : ['amd64/ext4', 'amd64/xfs', HALF_LOST]

const github = { token: 'none', repository: 'some/one', ref: 'refs/tags/v0.0.0' }
const env = { GITHUB_RUN_ID: '1', GITHUB_REF_NAME: 'v0.0.0' }
const going = { failed: false }

let stage: Stage
const controller = new AbortController()
const nightly = readWorkflow('portability-nightly.yml')
const release = readWorkflow('release.yml')
const portability = readWorkflow('portability.yml')

function jobOf(workflow: typeof nightly, name: string): WorkflowJob {
  const job = workflow.jobs[name]
  if (job === undefined) throw new Error(`there is no job ${name}`)
  return job
}

/** What `portability.yml` is given by the workflow that calls it. */
function inputsFrom(workflow: typeof nightly, inputs: object): Record<string, unknown> {
  const given = Object.entries(jobOf(workflow, 'portability').with ?? {})
  return {
    seed: '',
    ...Object.fromEntries(
      given.map(([name, value]) => [name, fillIn(value, { inputs, github }, going)]),
    ),
  }
}

async function play(workflow: typeof nightly, name: string, contexts: Contexts) {
  stage.tell(`${workflow.name}: ${name}`)
  const job = jobOf(workflow, name)
  return await playJob(job, { github, ...contexts }, env, stage)
}

const statement = (): Statement =>
  JSON.parse(readFileSync(join(stage.artifacts, 'evidence', 'statement.json'), 'utf8'))

/** What the gate of the commit that is rehearsed says, and that it exits 0 as advice. */
async function decisionOn(evidence: string): Promise<GateDecision> {
  const args = ['dist/matrix/cli.js', 'gate', evidence, '--advisory', '--json']
  const { stdout } = await execa(process.execPath, args, { cwd: stage.workspace })
  return JSON.parse(stdout)
}

beforeAll(() => {
  if (process.getuid?.() !== 0) {
    throw new Error('The rehearsal makes volumes and has no sudo: run it as root.')
  }
  stage = makeStage((line) => process.stdout.write(`${line}\n`), controller.signal)
})
afterAll(() => {
  controller.abort()
  stage?.remove()
})

test('a night: cells are dealt out, run, merged, and judged as advice', async () => {
  const inputs = inputsFrom(nightly, ASKED)
  const cells = await play(portability, 'cells', { inputs })
  expect(cells.problem).toBe('')
  expect(cells.outputs.seed).toBe(ASKED.seed)
  const needs = { cells }
  const all = fillIn(
    jobOf(portability, 'cell').strategy?.matrix.include,
    { needs },
    going,
  ) as CellJob[]
  const chosen = all.filter(({ arch, fs }) => PLAYED.includes(`${arch}/${fs}`))
  expect(chosen.length).toBe(2 * PLAYED.length)
  for (const [index, cell] of chosen.entries()) {
    if (`${cell.arch}/${cell.fs}` === HALF_LOST && cell.shard === '2/2') continue
    const matrix = { ...cell, emulated: cell.arch !== nativeArch() }
    const strategy = { 'job-index': index }
    const { problem } = await play(portability, 'cell', { inputs, needs, matrix, strategy })
    expect(problem).toBe('')
  }
  expect(isDue(jobOf(portability, 'gate').if, { needs }, { failed: true })).toBe(true)
  const gate = await play(portability, 'gate', { inputs, needs })
  expect(gate).toEqual({ result: 'success', outputs: {}, problem: '' })

  const decision = await decisionOn(join(stage.artifacts, 'evidence', 'evidence'))
  const told = decision.cells.filter(({ cell }) => PLAYED.includes(cell))
  const native = {
    result: 'pass',
    reason: `1 run, ${ASKED.iterations} iterations survived, every control caught`,
  }
  // Of an informational cell, which only warns.
  const halfLost = {
    result: 'warn',
    reason: 'run-1-shard-1-of-2: it is shard 1 of 2: bring them together with pullplug merge',
  }
  const emulated = {
    result: 'fail',
    reason: 'run-1: it ran under qemu-user, which does not stand for a native machine',
  }
  const whole = nativeArch() === 'amd64' ? native : emulated
  expect(told).toMatchObject(
    [
      { cell: 'amd64/ext4', ...whole },
      { cell: 'amd64/xfs', ...whole },
      { cell: HALF_LOST, ...halfLost },
    ].filter(({ cell }) => PLAYED.includes(cell)),
  )
  expect([decision.decision, decision.problems]).toEqual(['fail', []])
  expect(statement().predicate).toMatchObject({ result: 'FAILED' })
  expect(statement().predicate.configuration.length).toBe(PLAYED.length)
  expect(readFileSync(join(stage.runner, 'summary.md'), 'utf8')).toContain(
    IS_SHORT ? '| amd64 | ✅ |' : '| amd64 | ✅ | ✅ |',
  )
})

test('a tag: the same evidence blocks, the statement is signed, and nothing is released', async () => {
  const inputs = inputsFrom(release, {})
  const needs = { cells: { result: 'success' } }
  const gate = await play(portability, 'gate', { inputs, needs })
  expect(gate.result).toBe('failure')
  expect(gate.problem).toContain('Decide ended with 1')

  const sign = jobOf(release, 'sign')
  expect(isDue(sign.if, { needs: { portability: gate } }, { failed: true })).toBe(true)
  const signed = await play(release, 'sign', {})
  expect(signed.problem).toBe('')
  const bundle = join(stage.artifacts, 'release', 'statement.sigstore.json')
  expect(JSON.parse(readFileSync(bundle, 'utf8'))).toMatchObject({
    type: statement().predicateType,
    subjects: ['statement.json', 'evidence.tar.gz'],
    predicate: { result: 'FAILED' },
  })

  const job = jobOf(release, 'release')
  expect([job.needs, isDue(job.if, {}, { failed: true })]).toEqual([['portability', 'sign'], false])
})

test('a tag that was let through: what is signed is attached to a release of that name', async () => {
  const { problem } = await play(release, 'release', {})
  expect(problem).toBe('')
  expect(readFileSync(join(stage.runner, 'gh'), 'utf8').split('\n')).toEqual([
    'release view v0.0.0',
    'release create v0.0.0 files/evidence.tar.gz files/statement.json files/statement.sigstore.json --verify-tag --generate-notes',
    '',
  ])
})

test('the action: a program that fails is told in the summary, and what was found is kept', async () => {
  stage.tell('the action')
  // It takes no line that a kill has cut off for what it is, and is caught at nearly every point of an append.
  const subject = 'subjects/append-file'
  const args = ['--tier=kill', '--fs=ext4', '--seconds=4', '--seed=1'].join('\n')
  const { result, problem } = await playAction(
    readAction(),
    { subject, arguments: args },
    env,
    stage,
  )
  expect([result, problem]).toEqual([
    'failure',
    expect.stringContaining('Hurt the program ended with 1'),
  ])
  const kept = join(stage.artifacts, 'pullplug')
  expect(readdirSync(kept).toSorted()).toEqual(['junit.xml', 'report.html', 'summary.md'])
  const told = readFileSync(join(kept, 'summary.md'), 'utf8')
  expect(told).toContain('--case ')
  expect(readFileSync(join(stage.runner, 'summary.md'), 'utf8').endsWith(told)).toBe(true)
  expect(readFileSync(join(kept, 'junit.xml'), 'utf8')).toContain('<failure')
})
