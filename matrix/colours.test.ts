import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { wantsColours } from './colours.ts'
import { runInit } from './init/init.ts'
import { COMMIT, putRun, temporaryFolder } from './testing/evidence.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

const inColours = (args: string[]) =>
  execa(process.execPath, [CLI, ...args], {
    reject: false,
    env: { FORCE_COLOR: '1', NO_COLOR: undefined },
  })

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const COLOUR = /\u001b\[\d{1,2}m/g

function keeping(): string {
  const folder = temporaryDirectory()
  runInit({ folder, name: 'mine' })
  return folder
}

function breaking(): string {
  const folder = keeping()
  writeFileSync(join(folder, 'pullplug-adapter.mjs'), 'export default {}')
  return folder
}

/** One that leaves files of long names where it runs, which a note tells. */
function wordy(): string {
  const folder = keeping()
  const path = join(folder, 'pullplug-adapter.mjs')
  const leave = `for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    writeFileSync(letter.repeat(200), '')
  }`
  const source = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    `import { writeFileSync } from 'node:fs'\n${leave}\n${source.replace('writeFileSync,', '')}`,
  )
  return folder
}

function evidence(): string {
  const root = temporaryFolder()
  putRun(root, 'amd64/ext4')
  return root
}

test.each([
  ['check', () => ['check', keeping()], 20],
  ['a failing check', () => ['check', breaking()], 2],
  ['gate', () => ['gate', evidence(), '--commit', COMMIT], 4],
])('%s in colours shows colours, and not how they are written', async (_, args, atLeast) => {
  const { stdout, stderr } = await inColours(args())
  expect(`${stdout}${stderr}`.match(COLOUR)?.length ?? 0).toBeGreaterThanOrEqual(atLeast)
  expect(`${stdout}${stderr}`.replace(COLOUR, '')).not.toMatch(/\\u\{?(00)?1b|\[\d+m/)
})

test.each([
  ['check', () => ['check', keeping(), '--json'], 'rules'],
  ['gate', () => ['gate', evidence(), '--commit', COMMIT, '--json'], 'decision'],
])('%s as JSON has no colours where they are asked for', async (_, args, key) => {
  const { stdout } = await inColours(args())
  expect(JSON.parse(stdout)).toMatchObject({ [key]: expect.anything() })
  for (const code of ['\\u001b', '\u001b']) expect(stdout).not.toContain(code)
})

test('check as JSON is whole however long it is', async () => {
  const { stdout } = await inColours(['check', wordy(), '--json'])
  expect(stdout.length).toBeGreaterThan(2_000)
  expect(JSON.parse(stdout)).toMatchObject({ notes: [expect.anything()] })
})

const TERMINAL = { isTTY: true }
const PIPE = {}
test.each([
  ['a terminal', TERMINAL, [], {}, true],
  ['a pipe', PIPE, [], {}, false],
  ['a terminal without them', TERMINAL, [], { TERM: 'dumb' }, false],
  ['NO_COLOR', TERMINAL, [], { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', TERMINAL, [], { NO_COLOR: '' }, true],
  ['FORCE_COLOR', PIPE, [], { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0', TERMINAL, [], { FORCE_COLOR: '0' }, false],
  ['NO_COLOR and FORCE_COLOR', TERMINAL, [], { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['CI', PIPE, [], { CI: 'true' }, true],
  ['--color', PIPE, ['test', '--color'], {}, true],
  ['--color against NO_COLOR', PIPE, ['--color'], { NO_COLOR: '1' }, true],
  ['--no-color against FORCE_COLOR', TERMINAL, ['--no-color'], { FORCE_COLOR: '1' }, false],
  ['an operand --color', PIPE, ['verify', '--', '--color'], {}, false],
])('%s decides about colours', (_, stream, args, env, colours) => {
  expect(wantsColours(stream, { args, env })).toBe(colours)
})

test('--color and --no-color decide whatever the environment says', async () => {
  const folder = keeping()
  const plain = await inColours(['check', folder, '--no-color'])
  expect([plain.exitCode, `${plain.stdout}${plain.stderr}`.match(COLOUR)]).toEqual([0, null])
  const options = { reject: false, env: { NO_COLOR: '1' } }
  const coloured = await execa(process.execPath, [CLI, 'check', folder, '--color'], options)
  expect(coloured.stdout.match(COLOUR)?.length).toBeGreaterThan(10)
})
