import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readWorkflow, WORKFLOWS, type Workflow } from './workflow.ts'

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
    for (const { uses, run, with: given } of steps) {
      if (uses !== undefined && !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses)) {
        offences.push(`${name} uses ${uses}, which is not pinned by its commit`)
      }
      if (uses?.startsWith('actions/checkout@') && given?.['persist-credentials'] !== false) {
        offences.push(`${name} keeps the credentials of its checkout`)
      }
      if (run?.includes('${{')) offences.push(`${name} has an expression inside of a script`)
    }
  }
  return offences
}

const files = readdirSync(WORKFLOWS).filter((name) => name.endsWith('.yml'))

test.each(files)('%s keeps to the rules', (file) => {
  expect(offencesOf(readWorkflow(file))).toEqual([])
})

test.each(files)('%s says which version it pins', (file) => {
  const lines = readFileSync(join(WORKFLOWS, file), 'utf8').split('\n')
  const pinned = lines.filter((line) => /uses: [^.]/.test(line))
  expect(pinned.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
})

test('an action is pinned to the same commit wherever it is used', () => {
  const uses = files.flatMap((file) =>
    Object.values(readWorkflow(file).jobs).flatMap(({ steps = [] }) =>
      steps.flatMap(({ uses }) => uses ?? []),
    ),
  )
  const distinct = [...new Set(uses)]
  expect(distinct.length).toBe(new Set(distinct.map((each) => each.split('@')[0])).size)
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
