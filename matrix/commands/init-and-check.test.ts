import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
const MISBEHAVES = join(process.cwd(), 'harness', 'testing', 'subjects', 'misbehaves.mjs')

/** A place of its own: a folder of a program, and where scratch folders are made. */
function scene() {
  const root = temporaryDirectory()
  const folder = join(root, 'store')
  const temporary = join(root, 'tmp')
  mkdirSync(folder)
  mkdirSync(temporary)
  const start = (...args: string[]) =>
    execa(process.execPath, [CLI, ...args], {
      cwd: folder,
      env: { TMPDIR: temporary },
      reject: false,
    })
  const scratches = (): string[] => {
    const place = join(temporary, `pullplug-${process.getuid?.() ?? 0}`)
    return existsSync(place) ? readdirSync(place).filter((name) => name.startsWith('check-')) : []
  }
  const describe = (how: string, detail = ''): void => {
    const command = [process.execPath, MISBEHAVES, how, detail, root]
    const promises = { kill: 'durable', 'power-cut': 'durable' }
    const description = { name: 'mine', kind: 'log', command, promises }
    writeFileSync(join(folder, 'pullplug.json'), JSON.stringify(description))
  }
  /** The processes of the subject that is described. */
  const processes = (): string[] => processesWith(`misbehaves.mjs\0hangs-at\0append\0${root}`)
  return { folder, start, scratches, describe, processes }
}

/** The processes whose command line holds a text. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text)
    } catch {
      return false
    }
  })
}

test('init and check follow each other without a question, and the answers are on stdout', async () => {
  const { start } = scene()
  const init = await start('init')
  expect(init).toMatchObject({ exitCode: 0, stderr: '' })
  expect(init.stdout).toMatch(/\n {2}npx pullplug check$/)
  const check = await start('check')
  expect(check).toMatchObject({ exitCode: 0, stderr: '' })
  expect(check.stdout).toMatch(/\npass: store keeps the contract$/)
})

test('a second init exits by 64 and says on stderr what is there', async () => {
  const { start } = scene()
  await start('init')
  expect(await start('init')).toMatchObject({
    exitCode: 64,
    stdout: '',
    stderr: expect.stringContaining('already there, and nothing was written'),
  })
})

test.each([
  [['init', '--language', 'cobol'], '"cobol" is no language; there are js, ts, python, c, go,'],
  [['init', '--kind', 'queue'], '"queue" is no kind; there are store, log, file'],
  [['init', '--name', 'My Store'], 'such as my-store.'],
  [['check', '--fast'], 'there is no option "--fast"'],
])('%j is a usage error', async (args, message) => {
  const { start, folder } = scene()
  const { exitCode, stderr, stdout } = await start(...args)
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
  expect(stderr).toContain(message)
  expect(readdirSync(folder)).toEqual([])
})

test('check exits by 3 where there is no description, and names init', async () => {
  const { exitCode, stderr, stdout } = await scene().start('check')
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  expect(stderr).toContain('Run `pullplug init`')
})

test('check exits by 64 where the description is wrong, with a sentence for each mistake', async () => {
  const { start, folder } = scene()
  writeFileSync(join(folder, 'pullplug.json'), '{"nam": "x", "kind": "log", "module": "x"}')
  const { exitCode, stderr } = await start('check')
  expect(exitCode).toBe(64)
  expect(stderr.split('\n').slice(0, 4)).toEqual([
    'pullplug: pullplug.json has 3 mistakes:',
    '  "name" is missing: lower-case letters, digits and hyphens',
    '  "promises" is missing: what an acknowledgement is worth after each kind of fault',
    '  "nam" is no field; did you mean "name"?',
  ])
})

test('check exits by 1 where a rule is broken, in words and in JSON', async () => {
  const { start, describe } = scene()
  describe('refuses')
  const words = await start('check')
  expect(words).toMatchObject({ exitCode: 1, stderr: '' })
  expect(words.stdout).toContain('✗ it makes small, large and empty changes')
  const json = await start('check', '.', '--json')
  expect(json.exitCode).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({ name: 'mine', pass: false })
})

test.each([
  ['once', 1],
  ['twice', 2],
])('a check that is interrupted %s leaves neither folders nor processes', async (_, times) => {
  const { start, scratches, describe, processes } = scene()
  describe('hangs-at', 'append')
  const running = start('check', './pullplug.json')
  while (processes().length === 0) {
    if (running.exitCode !== null) throw new Error('it ended before its subject was there')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  for (let i = 0; i < times; i++) running.kill('SIGINT')
  const { exitCode } = await running
  expect(exitCode).toBe(130)
  expect(scratches()).toEqual([])
  expect(processes()).toEqual([])
})
