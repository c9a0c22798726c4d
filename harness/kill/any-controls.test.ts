import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LINES_LOG, moduleSubject } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { catchAnyControls } from './any-controls.ts'

const caught = async (subject: typeof LINES_LOG): Promise<string[]> => {
  const directory = join(temporaryDirectory(), 'control')
  const controls = await catchAnyControls({ subject, seed: 5, directory })
  return controls.filter((control) => control.caught).map(({ name }) => name)
}

test('a log that reads its disk catches every control', async () => {
  expect(await caught(LINES_LOG)).toEqual(['restored-backup', 'another-history'])
})

test('one that remembers its directory from an earlier opening misses what is gone from it', async () => {
  const source = `
import fs from 'node:fs'
const remembered = new Map()
export function open(directory) {
  const path = directory + '/log'
  const entries = remembered.get(path) ?? (fs.existsSync(path) ? JSON.parse(fs.readFileSync(path, 'utf8')) : [])
  remembered.set(path, entries)
  return {
    append(entry) { entries.push(entry); fs.writeFileSync(path, JSON.stringify(entries)) },
    read: () => entries,
    close() {},
  }
}`
  const subject = moduleSubject(temporaryDirectory(), 'log', source)
  expect(await caught(subject)).not.toContain('restored-backup')
})
