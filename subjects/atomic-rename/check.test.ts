import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Crew } from '../../harness/disk-subject/crew.ts'
import { type Runtime, THIS_NODE } from '../../harness/process/runtime.ts'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { HOME } from '../home.ts'
import { checkAtomicRename } from './check.ts'

/** A Node that begins with some code, in which `fs` is Node's own module. */
function nodeWith(code: string): Runtime {
  const preload = join(temporaryDirectory(), 'preload.mjs')
  const sync = "import { syncBuiltinESMExports } from 'node:module'"
  writeFileSync(preload, `import fs from 'node:fs'\n${sync}\n${code}\nsyncBuiltinESMExports()`)
  const [file] = THIS_NODE.command
  return { ...THIS_NODE, command: [file, '--import', preload] }
}

/** Checks renames: victims run in one Node, and those who replace the target after a kill in another one. */
async function check(victims: Runtime, writers: Runtime = THIS_NODE) {
  const crew = new Crew({ home: HOME, lanes: 1, runtime: writers })
  onTestFinished(() => crew.stop())
  return await checkAtomicRename(temporaryDirectory(), { crew, runtime: victims })
}

test('a rename that replaces a file as one has nothing against it, and is looked at once', async () => {
  const { failures, disagreements, confirmations, old, new: renewed } = await check(THIS_NODE)
  expect([failures, disagreements, confirmations.taken]).toEqual([[], [], 0])
  expect(Math.min(old, renewed)).toBeGreaterThan(0)
})

test.each([
  ['a mix', "fs.writeFileSync(to, 'o'.repeat(100) + 'n'.repeat(100))"],
  ['nothing', 'fs.rmSync(to)'],
])('a rename that leaves %s fails, and was found to by another look', async (_, act) => {
  const lossy = `
      const { renameSync } = fs
      fs.renameSync = (from, to) => {
        renameSync(from, to)
        if (fs.readFileSync(to, 'utf8').startsWith('new')) ${act}
      }`
  const { failures, disagreements, confirmations } = await check(nodeWith(lossy))
  expect(failures[0]).toMatch(/the target holds neither what it must nor may$/)
  expect(disagreements).toEqual([])
  expect(confirmations.taken).toBeGreaterThan(0)
  expect(confirmations.agreed).toBe(confirmations.taken)
})

test('what only one look finds is no failure, and is told', async () => {
  const flag = join(temporaryDirectory(), 'flag')
  const once = `
    const { renameSync } = fs
    fs.renameSync = (from, to) => {
      if (fs.existsSync(${JSON.stringify(flag)})) return renameSync(from, to)
      fs.writeFileSync(${JSON.stringify(flag)}, '')
    }`
  const { failures, disagreements, confirmations } = await check(THIS_NODE, nodeWith(once))
  expect(failures).toEqual([])
  expect(disagreements).toEqual([
    'another look did not find the same: the target does not hold the sentinel; the tmp is still there',
  ])
  expect(confirmations).toMatchObject({ taken: 1, agreed: 0 })
})
