import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkSubject } from '../harness/subject/check/check.ts'
import { rulesFor } from '../harness/subject/check/rules.ts'
import type { Description } from '../harness/subject/description.ts'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { LANGUAGES } from '../matrix/init/languages/index.ts'
import { readDescription } from '../matrix/subject/read-description.ts'

const ROOT = new URL('../', import.meta.url)
const PAGE = readFileSync(new URL('docs/subjects.md', ROOT), 'utf8')
const SCHEMA = JSON.parse(readFileSync(new URL('schemas/subject.schema.json', ROOT), 'utf8'))

/** The block behind a comment, such as `file: adapter.mjs`. */
function blockOf(comment: string): string {
  const [, block] = PAGE.split(`<!-- ${comment} -->\n\n`)
  const text = /^```\w+\n(.*?)^```$/ms.exec(block ?? '')?.[1]
  if (text === undefined) throw new Error(`the page has no block of ${comment}`)
  return text
}

/** A folder with files of the page. */
function folderWith(...names: string[]): string {
  const folder = temporaryDirectory()
  for (const name of names) writeFileSync(join(folder, name), blockOf(`file: ${name}`))
  return folder
}

async function expectKept(folder: string): Promise<void> {
  const scratch = temporaryDirectory()
  const { rules } = await checkSubject(readDescription(folder), { scratch })
  expect(rules.filter(({ kept }) => kept !== true)).toEqual([])
}

/** The program that the page's module speaks of, made of the stand-in of an adapter. */
function myStore(): string {
  const adapter = readFileSync(new URL('adapters/js/store.mjs', ROOT), 'utf8')
  const standIn = adapter.slice(adapter.indexOf('import * as fs'))
  return `${standIn}
export class MyStore {
  static async open(directory) {
    const store = new StandIn(directory)
    return {
      set: async (key, value) => store.put(key, value),
      remove: async (key) => store.delete(key),
      entries: async () => store.pairs(),
      close: async () => store.close(),
    }
  }
}`
}

test('the module of the page keeps the contract with the description of the page', async () => {
  const folder = folderWith('adapter.mjs', 'pullplug.json')
  writeFileSync(join(folder, 'my-store.mjs'), myStore())
  await expectKept(folder)
})

/** A folder with the page's command. */
function commandFolder(): string {
  const folder = folderWith('adapter.py', 'pullplug.json')
  const path = join(folder, 'pullplug.json')
  const { module: _, ...description } = JSON.parse(readFileSync(path, 'utf8'))
  const command = ['python3', 'adapter.py']
  expect(PAGE).toContain('`"command": ["python3", "adapter.py"]`')
  writeFileSync(path, JSON.stringify({ ...description, command }))
  return folder
}

test('the command of the page keeps the contract', async () => {
  await expectKept(commandFolder())
})

test('the dialogue of the page is what the command of the page answers', () => {
  const folder = commandFolder()
  const lines = blockOf('dialogue of adapter.py').trim().split('\n')
  const said = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length))
  const input = said('> ').join('\n').replace('/tmp/x/subject', temporaryDirectory())
  const output = execFileSync('python3', ['adapter.py'], {
    cwd: folder,
    input: `${input}\n`,
    encoding: 'utf8',
  })
  expect(output.trim().split('\n')).toEqual(said('< '))
})

test('the page tells every field of a description, and no other', () => {
  const [, section = ''] = PAGE.split('## The fields of pullplug.json')
  const [table = ''] = section.split('\n## ')
  const fields = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, field]) => field)
  expect(fields).toEqual(Object.keys(SCHEMA.properties))
})

test('the page tells every rule that check tries, in order, and no other', () => {
  const [, section = ''] = PAGE.split('## What check holds it to')
  const [list = ''] = section.split('\nThe first is asked')
  const told = [...list.matchAll(/^- (.+)$/gm)].map(([, rule]) => rule)
  const description = { setup: ['x'], concurrency: 2 } as unknown as Description
  expect(told).toEqual(rulesFor(description).map(({ text }) => text))
})

test('the page tells every language of init', () => {
  const [, section = ''] = PAGE.split('## Languages that init writes')
  const [flags = ''] = section.split(', and `--kind')
  const told = [...flags.matchAll(/`(?:--language )?(\w+)`/g)].map(([, name]) => name)
  expect(told).toEqual(LANGUAGES.map(({ name }) => name))
})
