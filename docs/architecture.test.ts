import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Page } from '../matrix/testing/page.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const FILES = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
const FOLDERS = [
  ...new Set(FILES.filter((file) => /^\w.*\//.test(file)).map((file) => file.split('/')[0])),
].toSorted()

/** The rooms of the picture of the house, and how far down each stands. */
const ROOMS = new Map(
  [...read('docs/house.svg').matchAll(/class="name" x="[\d.]+" y="(\d+)" data-path="(\w+)"/g)].map(
    ([, y, name]): [string, number] => [name as string, Number(y)],
  ),
)

test('the rooms of the picture are the folders that there are, and so are those of the page', () => {
  expect([...ROOMS.keys()].toSorted()).toEqual(FOLDERS)
  const told = new Page(join(ROOT, 'ARCHITECTURE.md')).firstCode('text')
  expect([...told.matchAll(/^(\w+)\/ /gm)].map(([, name]) => name).toSorted()).toEqual(FOLDERS)
})

test.each(['docs/house.svg', 'docs/acknowledgement.svg'])('what %s names is there', (picture) => {
  const named = [...read(picture).matchAll(/data-path="([^"]+)"/g)].map(([, path]) => path ?? '')
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('imports run down the picture, and never up', () => {
  const sources = FILES.filter(
    (file) =>
      /^[^/]+\/.*\.c?ts$/.test(file) && !/\.(test|pictures)\.|\/testing\/|^adapters\//.test(file),
  )
  const up: string[] = []
  let imports = 0
  for (const file of sources) {
    for (const [, target = ''] of read(file).matchAll(/\b(?:from|import) ?\(?'(\.[^']+)'/g)) {
      const [from = '', to = ''] = [file, join(dirname(file), target)].map(
        (path) => path.split('/')[0],
      )
      if (from === to) continue
      imports += 1
      if ((ROOMS.get(from) ?? Infinity) >= (ROOMS.get(to) ?? 0)) up.push(`${file}: ${target}`)
    }
  }
  expect(imports).toBeGreaterThan(100)
  expect(up).toEqual([])
})

test('no word of a picture runs out of it', () => {
  for (const picture of ['docs/house.svg', 'docs/acknowledgement.svg']) {
    const text = read(picture)
    const [, width = ''] = /viewBox="0 0 (\d+) /.exec(text) ?? []
    const words = [...text.matchAll(/<text class="(\w+)" x="([\d.]+)"[^>]*>([^<]*)</g)]
    expect(words.length).toBeGreaterThan(10)
    const out = words.filter(
      ([, kind, x, said = '']) =>
        Number(x) + said.length * (kind === 'name' ? 9.2 : 7) > Number(width) + 7,
    )
    expect(out.map(([, , , said]) => said)).toEqual([])
  }
})
