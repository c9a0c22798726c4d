import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replayLine } from '../evidence/replay-line.ts'
import type { GateDecision } from '../gate/decision.ts'
import { renderDecision } from '../gate/render.ts'
import { summaryOf } from '../gate/summary.ts'
import { renderRuns } from '../render-runs.ts'
import { COMMIT, putRun, spoil, temporaryFolder } from '../testing/evidence.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u{e0000}-\u{e0fff}]/u

/** Our own colours and ends of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const OURS = /\u001b\[\d{1,2}m|\n/g

/** Each does something to a terminal, a page, an annotation or a shell that shows it as it is. */
const EVIL = [
  'x\ngate: pass (commit 0123456789ab)',
  '\u001b[2J\u001b[H\u001b[32mgate: pass\u001b[0m (commit 0123456789ab)',
  '\r\u001b[Kgate: pass',
  '\u009b2Jx',
  '\u202egnorw\u2066',
  '\u200b\u2028gate: pass\u2029',
  '\u001b]0;title\u0007\u001b]8;;http://evil\u0007x',
  '\n::error::x\n::stop-commands::y\n##[add-mask]z',
  '| a | b |\n| - | - |\n',
  '```\n# heading\n```',
  '<img src=x onerror=alert(1)> <!-- ',
  '![x](http://evil) [y](http://evil) http://evil @everyone #1',
  '$(touch pwned) `touch pwned`; touch pwned',
  '\ud800\udc00\ud800',
  `${'e\u0301'.repeat(10)}${'\u0301'.repeat(100)}`,
  'x'.repeat(100_000),
  ' '.repeat(70).concat('gate: pass'),
]

const evil = fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: 'binary' }))

const decisionOf = (text: string): GateDecision => ({
  schema: 'https://pullplug.dev/schemas/gate/2.json',
  decision: 'fail',
  commit: COMMIT,
  cells: [
    {
      cell: 'amd64/ext4',
      status: 'gated',
      result: 'fail',
      reason: text,
      runs: 1,
      replays: [replayLine(text, 1, null)],
    },
    { cell: text, status: 'gated', result: 'warn', reason: text, runs: 1, replays: [] },
  ],
  problems: [text],
})

const countLines = (text: string): number => text.split('\n').length

test('whatever evidence says, a decision is shown in as many lines, and with nothing unseen', () => {
  fc.assert(
    fc.property(evil, (text) => {
      for (const show of [
        renderDecision,
        (each: GateDecision) => summaryOf(each, false, new Map()),
      ]) {
        const said = show(decisionOf(text))
        expect(said.replace(OURS, '').replaceAll('\ufe0f', '')).not.toMatch(UNSEEN)
        expect(countLines(said)).toBe(countLines(show(decisionOf('x'))))
        expect(said).not.toContain('##[')
        expect(said).not.toMatch(/^\s*::/m)
        expect(said.length).toBeLessThan(20_000)
      }
      const lines = renderDecision(decisionOf(text)).split('\n')
      expect(lines.filter((line) => line.startsWith('gate:'))).toEqual(lines.slice(-1))
    }),
  )
})

test('in a step summary all that evidence says stands in code, where nothing is made of it', () => {
  fc.assert(
    fc.property(evil, (text) => {
      const lines = summaryOf(decisionOf(text), false, new Map()).split('\n')
      const told = lines.filter((line) =>
        /^(❌|⚠️) (\*\*[a-z0-9?/-]*\*\* \([a-z]+\): )?`/u.test(line),
      )
      expect(told.length).toBe(3)
      expect(told.every((line) => line.endsWith('`'))).toBe(true)
    }),
  )
})

test('what runs came to is shown with nothing unseen, whatever their folder is called', () => {
  for (const text of EVIL) {
    const said = renderRuns([
      { run: { cell: {}, steps: [], verdict: 'fail' } as never, path: text, stories: [] },
    ])
    expect(said.replace(OURS, '')).not.toMatch(UNSEEN)
    expect(countLines(said)).toBe(3)
  }
})

const run = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [CLI, ...args], { reject: false, cwd: temporaryFolder(), env })

/** A name as a file can have it. */
const nameOf = (text: string): string => text.replaceAll('/', '_').replaceAll('\0', '').slice(0, 60)

/** As many evil ones as a process is worth being started for. */
const SOME = EVIL.slice(0, 9)

function expectPlain({ stdout, stderr }: { stdout: string; stderr: string }): void {
  for (const said of [stdout, stderr]) {
    expect(said.replace(OURS, '')).not.toMatch(UNSEEN)
    expect(said).not.toContain('##[')
  }
  expect(stderr).not.toContain('pullplug broke')
}

test.each(SOME)(
  'evidence that says %j does nothing to a terminal or an annotation',
  async (text) => {
    const root = join(temporaryFolder(), nameOf(text))
    mkdirSync(root)
    putRun(root, 'amd64/ext4', (draft) => {
      spoil(draft, 'fail', `1 of 2 iterations failed: ${text.slice(0, 400)}`)
      Object.assign(draft.kill, { passed: 1, failed: 1 })
      const failures = [{ name: 'hole', detail: text.slice(0, 400) }]
      Object.assign(draft.iterations[1] ?? {}, { verdict: 'fail', failures })
    })
    const flags = ['--commit', COMMIT, '--max-age', '1000000']
    const summary = join(temporaryFolder(), 'summary.md')
    writeFileSync(summary, '')
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
    for (const args of [
      ['gate', root, ...flags],
      ['gate', root, ...flags, '--json'],
      ['report', root],
      ['report', root, '--json'],
      ['merge', root, join(root, 'amd64'), '--json'],
      ['replay', join(root, 'amd64', 'ext4', 'run-1'), '--iteration', '9'],
      ['export', join(root, 'amd64', 'ext4', 'run-1'), '--dm-log-writes', '/nowhere/x'],
    ]) {
      const result = await run(args, args[0] === 'gate' ? env : {})
      expectPlain(result)
      const ours = /^(gate: fail|::error|::warning)/
      const lines = `${result.stdout}\n${result.stderr}`.split('\n')
      for (const line of lines.filter((each) => /^\s*(gate:|::)/.test(each))) {
        expect(line).toMatch(ours)
      }
    }
  },
)

test.each(SOME)('a flag or a path that is %j does nothing to a terminal', async (text) => {
  for (const args of [
    [text],
    [`--${text}`],
    ['matrix', '--seed', text],
    ['matrix', '--arch', text],
    ['matrix', '--subject', text],
    ['matrix', text],
    ['gate', nameOf(text)],
    ['merge', nameOf(text)],
    ['replay', nameOf(text)],
    ['verify', nameOf(text)],
  ]) {
    const result = await run(args)
    expectPlain(result)
    expect(result.exitCode).not.toBe(0)
    expect(result.stderr.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(2)
  }
})
