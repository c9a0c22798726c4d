import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { lexer, walkTokens } from 'marked'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { MAX_DRAWN_STATES } from '../../harness/crash-states/strip.ts'
import { problemWith } from '../evidence/schemas.ts'
import { putRun, redoSums, temporaryFolder } from '../testing/evidence.ts'
import { storiesOfCases } from './derived-story.ts'
import { MAX_COMMENT_CHARS } from './limits.ts'
import { bareStep, isBelieved, type ReportModel, storiesOf } from './model.ts'
import { reportOfEvidence } from './of-evidence.ts'
import { reportOfTest } from './of-test.ts'
import { html } from './reporters/html.ts'
import { REPORTERS } from './reporters/index.ts'
import { junit } from './reporters/junit.ts'
import { markdown } from './reporters/markdown.ts'
import { folderOfFile, LOST_ITERATION, putFailing } from './testing/reports.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
const XSD = readFileSync(new URL('testing/junit.xsd', import.meta.url), 'utf8')

const folder = folderOfFile()
let model: ReportModel
beforeAll(() => {
  model = reportOfEvidence(putFailing(folder.path))
})
afterAll(folder.remove)

const cli = (...args: string[]) =>
  execa(process.execPath, [CLI, 'report', ...args], { cwd: temporaryFolder(), reject: false })

/** What is wrong with a JUnit file, by a parser that shares no code with what wrote it. */
async function problemsOf(xml: string) {
  const { valid, errors } = await validateXML({ xml, schema: XSD })
  return valid ? [] : errors.map(({ message }) => message)
}

const STATE = /--state 1\.\d+/

test('the model tells of each cell what was tried and what failed', () => {
  expect(problemWith('report', JSON.parse(JSON.stringify(model)))).toBeNull()
  expect(model.verdict).toBe('fail')
  const [failed, passed, absent] = ['amd64/ext4', 'amd64/xfs', 'arm64/ext4'].map((name) =>
    model.cells.find((cell) => `${cell.arch}/${cell.fileSystem}` === name),
  )
  expect([failed, passed, absent].map((cell) => cell?.verdict)).toEqual(['fail', 'pass', 'absent'])
  const steps = new Map(failed?.runs[0]?.steps.map((step) => [step.name, step]))
  expect(steps.get('kill')?.stories).toMatchObject([
    { tier: 'kill', case: '2', failures: [{ name: 'hole', detail: LOST_ITERATION }], count: 1 },
  ])
  const [story] = steps.get('power-cut')?.stories ?? []
  expect(story).toMatchObject({
    failures: [{ name: 'acked-lost' }],
    replay: expect.stringMatching(STATE),
  })
  expect(passed?.runs[0]?.steps.flatMap(({ stories }) => stories)).toEqual([])
})

test('a strip has every state that was tried, where it was cut, and which failed', () => {
  const step = model.cells[0]?.runs[0]?.steps.find(({ name }) => name === 'power-cut')
  const [story] = step?.stories ?? []
  const [strip] = step?.recordings ?? []
  expect(strip?.states.length).toBe(strip?.tried)
  expect(strip?.acknowledged.length).toBeGreaterThan(0)
  const failed = strip?.states.filter(({ verdict }) => verdict === 'fail')
  expect(failed?.map(({ number }) => `1.${number}`)).toEqual([story?.case])
  expect(strip?.states.every(({ verdict }) => verdict !== null)).toBe(true)
  expect(strip?.states.length).toBeLessThan(MAX_DRAWN_STATES)
})

test.each(REPORTERS)(
  'the $name report of a failing run shows what failed and how to see it again',
  ({ name, render }) => {
    const text = render(model)
    const shown = name === 'html' ? text.replaceAll('&quot;', '"') : text
    expect(shown).toContain(LOST_ITERATION)
    expect(shown).toContain('acked-lost')
    expect(shown).toMatch(STATE)
    expect(shown).toContain('--iteration 2')
  },
)

test.each(REPORTERS)('the $name report of runs that passed shows no failure', ({ render }) => {
  const root = temporaryFolder()
  putRun(root, 'amd64/xfs')
  const text = render(reportOfEvidence(root))
  expect(text).not.toContain(LOST_ITERATION)
  expect(text).not.toMatch(/❌|✕ fail|<failure|<error|"verdict": "fail"/)
})

test('JUnit’s XML is what CI systems read: a test a step and a story, with counts that fit', async () => {
  const xml = junit.render(model)
  expect(await problemsOf(xml)).toEqual([])
  expect(xml).toMatch(/<testsuites name="pullplug" tests="16" failures="4" errors="0"/)
  expect(xml).toMatch(/<failure type="hole"[^>]*>hole: .*\n {2}struck/)
})

test('a schema that lets anything through would prove nothing', async () => {
  expect(await problemsOf('<testsuites name="x"/>')).not.toEqual([])
  expect(
    await problemsOf(junit.render(model).replace('<testcase', '<testcase new="1"')),
  ).not.toEqual([])
  expect(await problemsOf(junit.render(model).replace('</testsuites>', ''))).not.toEqual([])
})

/** What a file system, a subject or a forger could put anywhere. */
const HOSTILE = `\u0000\u001b[31m]]>&<script>alert(1)</script>"'\ufffe\uffff\ud800 \u202e\`\`\`\n@everyone</details>`

function hostileModel(): ReportModel {
  const [cell] = structuredClone(model.cells)
  const [run] = cell?.runs ?? []
  if (cell === undefined || run === undefined) throw new Error('there is a run')
  const step = bareStep({
    name: 'kill',
    verdict: 'fail',
    reason: HOSTILE,
    durationMs: 1,
    figures: HOSTILE,
  })
  const [story] = run.steps.flatMap(({ stories }) => stories)
  if (story === undefined) throw new Error('there is a story')
  const events = [{ kind: 'fault' as const, what: HOSTILE, became: 'done' as const }]
  const told = { ...story, title: HOSTILE, struck: HOSTILE, replay: HOSTILE, case: HOSTILE, events }
  step.stories = [told]
  step.errors = [
    { operation: HOSTILE, error: HOSTILE, cases: 1, passed: 1, failed: 0, inconclusive: 0 },
  ]
  step.controls = [{ name: HOSTILE, defect: HOSTILE, due: true, caught: false, how: HOSTILE }]
  const bad = { ...run, problem: HOSTILE, name: HOSTILE }
  const runs = [
    { ...run, name: HOSTILE, facts: [{ name: HOSTILE, value: HOSTILE }], steps: [step] },
    bad,
  ]
  return { ...model, problems: [HOSTILE], subjects: [HOSTILE], cells: [{ ...cell, runs }] }
}

/** What of a comment GitHub would make something of: all but code. Of HTML, the code in it is taken out. */
function spoken(comment: string): string {
  const said: string[] = []
  walkTokens(lexer(comment), (token) => {
    if (token.type === 'html') said.push(token.raw.replace(/<code>[^<]*<\/code>/g, ''))
    if (token.type === 'text' && !('tokens' in token)) said.push(token.raw)
  })
  return said.join('\n')
}

test('nothing from outside becomes markup, in any form', async () => {
  const hostile = hostileModel()
  expect(await problemsOf(junit.render(hostile))).toEqual([])
  const page = html.render(hostile)
  expect(page).not.toContain('<script')
  for (const hidden of ['\u0000', '\u001b', '\u202e']) expect(page).not.toContain(hidden)
  expect(spoken(markdown.render(hostile))).not.toMatch(/<script|@everyone|\[31m/)
})

test('a strip leads to the stories of its recording', () => {
  expect(html.render(model)).toMatch(
    /<figcaption>Round 1: .* <a href="#cell-1-run-1-step-6-story-1">Story of 1\.\w+<\/a><\/figcaption>/,
  )
})

test('a page loads nothing, names no address and runs no script', () => {
  const page = html.render(model)
  expect(page).toContain(`content="default-src 'none'; style-src 'sha256-`)
  expect(page).not.toMatch(/https?:|\/\/[a-z]|<script|<link|<img|@import|url\(| on[a-z]+=| style=/)
})

test('a comment is no longer than GitHub takes, and says what it leaves out', () => {
  const [cell] = structuredClone(model.cells)
  const [run] = cell?.runs ?? []
  if (cell === undefined || run === undefined) throw new Error('there is a run')
  const many = { ...model, cells: [{ ...cell, runs: Array.from({ length: 400 }, () => run) }] }
  const comment = markdown.render(many)
  expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT_CHARS)
  expect(comment).toMatch(/…and \d+ more, which do not fit here\.\n$/)
})

test('a run that can’t be believed is never left out: every form says so, loudly', async () => {
  const root = temporaryFolder()
  putRun(root, 'amd64/xfs')
  const path = putRun(root, 'amd64/ext4')
  writeFileSync(
    join(path, 'run.json'),
    readFileSync(join(path, 'run.json'), 'utf8').replace(/"seed": ?7/, '"seed": 8'),
  )
  mkdirSync(join(root, 'no such thing'))
  const forged = reportOfEvidence(root)
  expect(forged.verdict).toBe('invalid')
  expect(isBelieved(forged)).toBe(false)
  expect(forged.cells[0]?.runs[0]).toMatchObject({ verdict: 'invalid', steps: [] })
  for (const { render } of REPORTERS) {
    expect(render(forged)).toContain('run.json is not what was written')
    expect(render(forged)).toContain('no such thing')
  }
  expect(await problemsOf(junit.render(forged))).toEqual([])
  const { exitCode, stdout } = await cli(root)
  expect(exitCode).toBe(1)
  expect(stdout).toContain('run.json is not what was written')
  expect(stdout).toMatch(/\nevidence not valid: 2 runs of wal in 2 cells$/)
})

test('evidence whose sums were made to fit is still held against itself', () => {
  const root = temporaryFolder()
  const path = putRun(root, 'amd64/ext4')
  const files = ['run.json', 'cmd.txt', 'iterations.ndjson', 'autonomy.log']
  writeFileSync(
    join(path, 'run.json'),
    readFileSync(join(path, 'run.json'), 'utf8').replace(/"seed": ?7/, '"seed": 8'),
  )
  redoSums(path, new Map(files.map((name) => [name, readFileSync(join(path, name))])))
  expect(isBelieved(reportOfEvidence(root))).toBe(false)
})

test('the command writes what it is asked for, whatever the verdicts', async () => {
  const out = temporaryFolder()
  const [page, xml, comment] = ['r.html', 'r.xml', 'r.md'].map((name) => join(out, name)) as [
    string,
    string,
    string,
  ]
  const { exitCode, stdout } = await cli(
    ...[folder.path, '--html', page, '--junit', xml, '--markdown', comment],
  )
  expect(exitCode).toBe(0)
  expect(stdout).toContain(LOST_ITERATION)
  expect(stdout).toMatch(/\nfail: 2 runs of wal in 2 cells, 1 failed$/)
  expect(readFileSync(page, 'utf8')).toContain(LOST_ITERATION)
  expect(await problemsOf(readFileSync(xml, 'utf8'))).toEqual([])
  expect(readFileSync(comment, 'utf8')).toContain(LOST_ITERATION)
})

test('as JSON it is a valid report', async () => {
  const { exitCode, stdout } = await cli(folder.path, '--json')
  expect(exitCode).toBe(0)
  expect(problemWith('report', JSON.parse(stdout))).toBeNull()
})

test('a report of nothing is an error, and nothing is written', async () => {
  const empty = temporaryFolder()
  const page = join(empty, 'page.html')
  const nothing = await cli(empty, '--html', page)
  expect([nothing.exitCode, nothing.stdout]).toEqual([3, ''])
  expect(nothing.stderr).toContain('there is no run in')
  expect(() => readFileSync(page)).toThrow('ENOENT')
  rmSync(empty, { recursive: true })
  expect((await cli(empty)).exitCode).toBe(3)
})

test.each([
  [['--html', '/nowhere/at/all.html'], 4, 'the html report cannot be written to'],
  [['--html', 'x', '--junit', './x'], 64, 'two reports would be written to'],
])('%j is refused', async (args, code, message) => {
  const { exitCode, stderr } = await cli(folder.path, ...args)
  expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)])
})

test('a story that was told is reported as it was told, and what it does not tell is derived', () => {
  const [run] = model.cells[0]?.runs ?? []
  const [{ story } = { story: undefined }] = run === undefined ? [] : storiesOf(run)
  if (story === undefined) throw new Error('there is a story')
  const told = { ...story, title: 'as it was told', count: 3 }
  const base = { tier: 'kill' as const, what: 'x', acked: 0, recovered: 0, replay: 'again' }
  const failed = { ...base, case: '1', failures: story.failures, notJudged: null }
  const unjudged = { ...base, case: '2', failures: [], notJudged: 'it did not end' }
  const titles = (stories: readonly (typeof story)[]) =>
    storiesOfCases([failed, unjudged], stories).map(({ title }) => title)
  expect(titles([told])).toEqual(['as it was told', 'not judged: it did not end'])
  expect(titles([])).toEqual([
    '0 changes acknowledged, and 0 came back',
    'not judged: it did not end',
  ])
})

test.each([
  ['test', '.'],
  ['matrix', '--no-install'],
])('%s begins nothing where its report could not be written', async (...command) => {
  const run = (...reporters: string[]) =>
    execa(process.execPath, [CLI, ...command, ...reporters], {
      cwd: temporaryFolder(),
      reject: false,
    })
  const nowhere = await run('--reporter', 'html=/nowhere/at/all.html')
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([
    4,
    expect.stringContaining('a report could not be written to /nowhere/at'),
  ])
  const one = await run('--reporter', 'html=x', '--reporter', 'junit=x')
  expect([one.exitCode, one.stderr]).toEqual([64, expect.stringContaining('two reports would be')])
})

test('what a test found out is reported with its failures and what could not run', async () => {
  const problem = {
    case: '1.12b',
    what: 'killed before operation 12 (fsync log)',
    acked: 4,
    recovered: 3,
    failures: [{ name: 'acked-lost' as const, detail: 'change 4 is gone' }],
    notJudged: null,
    story: null,
  }
  const base = { fileSystem: 'ext4', durationMs: 1500, replays: [] }
  const tested = reportOfTest({
    subject: 'mine',
    seed: 1,
    verdict: 'fail',
    tiers: [
      {
        ...base,
        tier: 'kill',
        title: 'kills',
        verdict: 'fail',
        reason: '2 of 9 cases failed: acked-lost',
        replays: ['npx pullplug test . --case 1.12b', 'npx pullplug test . --case 1.13b'],
        result: {
          strips: model.cells[0]?.runs[0]?.steps.flatMap(({ recordings }) => recordings) ?? [],
          ...{ cases: 9, of: 40, passed: 7, failed: 2, inconclusive: 0, distinct: null },
          problems: [problem, { ...problem, case: '1.13b' }],
          controls: [],
          remark: null,
        },
      },
      {
        ...base,
        tier: 'power-cut',
        title: 'cuts',
        verdict: 'skipped',
        reason: 'it needs root',
        result: null,
      },
    ],
  })
  expect(tested.verdict).toBe('fail')
  expect(tested.cells[0]?.runs[0]?.steps[0]?.stories).toMatchObject([{ case: '1.12b', count: 2 }])
  for (const { render } of REPORTERS) {
    expect(render(tested)).toContain('change 4 is gone')
    expect(render(tested)).toContain('npx pullplug test . --case 1.12b')
  }
  const xml = junit.render(tested)
  expect(await problemsOf(xml)).toEqual([])
  expect(xml).toContain('<skipped message="it needs root"/>')
  expect(html.render(tested)).toContain('it needs root')
  expect(html.render(tested)).toContain('Recording of round 1')
})
