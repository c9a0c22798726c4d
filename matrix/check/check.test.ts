import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entryOf } from '../../harness/owned/registry.ts'
import type { Check } from '../../harness/subject/check/check.ts'
import { misbehaving } from '../../harness/testing/described.ts'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { defaultStateDirectory } from '../../harness/volume/state-directory.ts'
import { runInit } from '../init/init.ts'
import { BadInput } from '../subject/bad-input.ts'
import { readDescription } from '../subject/read-description.ts'
import { runCheck } from './check.ts'
import { makeScratch } from './scratch.ts'

// In the usual place other runs of this machine come and go.
const usual = process.env.TMPDIR
const own = mkdtempSync(join(tmpdir(), 'pullplug-check-'))
beforeAll(() => {
  process.env.TMPDIR = own
})
afterAll(() => {
  if (usual === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = usual
  rmSync(own, { recursive: true, force: true })
})

const scratches = (): string[] => {
  const place = join(defaultStateDirectory(), '..')
  return existsSync(place) ? readdirSync(place).filter((name) => name.startsWith('check-')) : []
}

/** A folder with the description of a subject that misbehaves. */
function folderOf(how: string, more: { detail?: string; timeoutMs?: number } = {}): string {
  const { folder, description } = misbehaving(how, more)
  const [node, script, ...args] = (description as { command: readonly string[] }).command
  const place = temporaryDirectory()
  const command = [node, join(folder, script as string), ...args]
  writeFileSync(join(place, 'pullplug.json'), JSON.stringify({ ...description, command }))
  return place
}

async function run(
  subject: string,
  { json = false, signal }: { json?: boolean; signal?: AbortSignal } = {},
) {
  const said: string[] = []
  const before = scratches()
  const say = async ({ rendered }: { rendered: string }): Promise<void> => void said.push(rendered)
  const exitCode = await runCheck({ subject: readDescription(subject), json, signal, say })
  expect(scratches()).toEqual(before)
  return { exitCode, text: said.join('\n') }
}

test('a subject that keeps the contract is told rule by rule, and passes', async () => {
  const folder = temporaryDirectory()
  runInit({ folder, name: 'mine' })
  const { exitCode, text } = await run(folder)
  expect(exitCode).toBe(0)
  expect(text).toMatch(
    /^mine, a store: \.\/pullplug-adapter\.mjs\n(✓ .+\n){9}pass: mine keeps the contract$/,
  )
})

test('a broken rule is told with what was sent and what came back, and the rest is not tried', async () => {
  const { exitCode, text } = await run(folderOf('refuses'))
  expect(exitCode).toBe(1)
  expect(text).toContain(
    [
      '✗ it makes small, large and empty changes, and returns them as they were sent',
      '    append was refused without a fault: read-only',
      '    sent:      {"id":3,"do":"append","entry":"1-1: ',
    ].join('\n'),
  )
  expect(text).toContain(
    '    came back: {"id":3,"ok":false,"message":"read-only"}\n- it closes, and',
  )
  expect(text).toMatch(/\nfail: refuses breaks the contract, which docs\/subjects\.md tells$/)
})

test('a note is told and does not fail the check', async () => {
  const { exitCode, text } = await run(folderOf('leaves-in-tmpdir'))
  expect(exitCode).toBe(0)
  expect(text).toContain('\nnote: it left in TMPDIR: scratch-file\npass: ')
})

test('with json the answer is one object and no words', async () => {
  const { exitCode, text } = await run(folderOf('refuses'), { json: true })
  expect(exitCode).toBe(1)
  const answer = JSON.parse(text) as Check & { name: string; kind: string; pass: boolean }
  expect(answer).toMatchObject({ name: 'refuses', kind: 'log', pass: false, notes: [] })
  expect(answer.rules[1]).toMatchObject({
    kept: false,
    detail: 'append was refused without a fault: read-only',
    evidence: { cameBack: '{"id":3,"ok":false,"message":"read-only"}' },
  })
  expect(answer.rules[2]).toMatchObject({ kept: null, detail: null, evidence: null })
})

test('what a subject says last is shown without what a terminal acts on', async () => {
  const folder = temporaryDirectory()
  writeFileSync(join(folder, 'adapter.mjs'), "throw new Error('\\u001b[2J\\u202eone\\ntwo')")
  const description = {
    name: 'mine',
    kind: 'log',
    module: './adapter.mjs',
    promises: { kill: 'each', 'power-cut': 'opens' },
  }
  writeFileSync(join(folder, 'pullplug.json'), JSON.stringify(description))
  const { text } = await run(folder)
  expect(text).toMatch(/could not be loaded: Error: \\u\{1b}\[2J\\u\{202e}one\n {4}two\n/)
})

test('a check that is stopped ends with what it was stopped by, and leaves nothing', async () => {
  const controller = new AbortController()
  const before = scratches()
  const running = runCheck({
    subject: readDescription(folderOf('hangs-at', { detail: 'append' })),
    json: false,
    signal: controller.signal,
    say: async ({ rendered }) => {
      // The first rule is decided, and the second one waits for an answer.
      if (rendered.startsWith('✓')) setTimeout(() => controller.abort(new Error('stopped')), 200)
    },
  })
  await expect(running).rejects.toThrow('stopped')
  expect(scratches()).toEqual(before)
})

test('a subject that takes the rights on its directory leaves none the less nothing', async () => {
  const { exitCode } = await run(folderOf('takes-rights'))
  expect(exitCode).toBe(1)
})

test('a scratch folder is removed whatever rights its owner has left', () => {
  const scratch = makeScratch()
  mkdirSync(join(scratch.path, 'a', 'b'), { recursive: true })
  chmodSync(join(scratch.path, 'a', 'b'), 0o000)
  chmodSync(join(scratch.path, 'a'), 0o000)
  scratch.remove()
  expect(existsSync(scratch.path)).toBe(false)
})

test('the folder of a check is written down while it is there, so that doctor finds what a killed one left', () => {
  const scratch = makeScratch()
  expect(entryOf(scratch.path)).toMatchObject({ kind: 'folder', path: scratch.path })
  scratch.remove()
  expect([existsSync(scratch.path), entryOf(scratch.path)]).toEqual([false, null])
})

test('a description that is wrong, and one that is missing, are told apart', async () => {
  const folder = temporaryDirectory()
  await expect(run(folder)).rejects.toMatchObject({ code: 'MISSING' })
  writeFileSync(join(folder, 'pullplug.json'), '{}')
  await expect(run(folder)).rejects.toBeInstanceOf(BadInput)
})
