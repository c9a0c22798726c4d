import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { deadLinks } from './dead-links.ts'

/** The dead links of pages with these texts, by their paths. */
function deadIn(texts: Record<string, string>): string[] {
  const root = temporaryDirectory()
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return deadLinks(root, Object.keys(texts))
}

test('a link to a file, a folder, a heading or an address is not dead', () => {
  const texts = {
    'README.md': `# It
[a](docs/a.md) [b](docs) [c](docs/) [d](#some-code-and-bold) [e](docs/a.md#two-1) [f](https://example.org/x)
[g][ref] ![h](docs/a.md) \`[i](nowhere.md)\`

## Some \`code\` and **bold**

[ref]: docs/a.md

    [j](nowhere.md)
`,
    'docs/a.md': '# Two\n\n## Two\n\n[up](../README.md#it) [here](a.md) [root](..)',
  }
  expect(deadIn(texts)).toEqual([])
})

test('a link to what is not there is dead, whether a file, a heading or beyond the root', () => {
  const texts = {
    'README.md':
      '# It\n\n[a](gone.md) [b](#gone) [c](docs/a.md#it) [d](../README.md) [e][ref]\n\n[ref]: x',
    'docs/a.md': '![a](gone.png) [b](../docs/gone/) [c](data.json#it)',
    'docs/data.json': '{}',
  }
  expect(deadIn(texts)).toEqual([
    'README.md: gone.md',
    'README.md: #gone',
    'README.md: docs/a.md#it',
    'README.md: ../README.md',
    'README.md: x',
    'docs/a.md: gone.png',
    'docs/a.md: ../docs/gone/',
    'docs/a.md: data.json#it',
  ])
})
