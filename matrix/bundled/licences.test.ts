import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const HERE = import.meta.dirname
const PAGE = readFileSync(join(process.cwd(), 'docs', 'licences-of-bundled.txt'), 'utf8')

/** The packages of which something is built into the program. */
async function bundled(): Promise<string[]> {
  const entryPoints = readdirSync(HERE)
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => join(HERE, name))
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    outdir: 'nowhere',
  })
  const names = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  )
  return [...new Set(names)]
}

test('what is built into the program has its licence in the package', async () => {
  const names = await bundled()
  expect(names).toContain('d3-shape')
  for (const name of names) {
    const folder = join(process.cwd(), 'node_modules', name)
    const licence = readdirSync(folder).find((each) => /^licen[cs]e([.-]|$)/i.test(each))
    if (licence === undefined) throw new Error(`${name} has no licence`)
    const text = readFileSync(join(folder, licence), 'utf8').trim()
    expect(PAGE, name).toContain(`\n## ${name}\n\n${text}`)
  }
  expect(PAGE.match(/^## /gm)).toHaveLength(names.length)
})
