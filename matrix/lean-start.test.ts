import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

/** Has Node tell on standard error, a line each, every file that a program loads, however it does. */
const TELLING = `
import { createRequire, register } from 'node:module'
import { writeSync } from 'node:fs'
register('data:text/javascript,' + encodeURIComponent(\`
  import { writeSync } from 'node:fs'
  export async function load(url, context, next) {
    writeSync(2, 'loaded ' + url + '\\\\n')
    return await next(url, context)
  }
\`))
const { cache } = createRequire('/')
process.on('exit', () => {
  for (const path of Object.keys(cache)) writeSync(2, 'loaded ' + path + '\\n')
})
`

/** What a command line loads: the packages, also those that are built in, and how many files of our own. */
async function loadedBy(...args: string[]): Promise<{ packages: string[]; own: number }> {
  const telling = `data:text/javascript,${encodeURIComponent(TELLING)}`
  const { stderr } = await execa(process.execPath, ['--import', telling, CLI, ...args])
  const files = stderr.split('\n').flatMap((line) => /^loaded (.*)$/.exec(line)?.[1] ?? [])
  const packages = files.flatMap(
    (file) =>
      /(?:node_modules|dist\/matrix)\/((?:@[^/]+|bundled)\/[^/]+|(?<=node_modules\/)[^/]+)/.exec(
        file,
      )?.[1] ?? [],
  )
  return {
    packages: [...new Set(packages)],
    own: files.filter((file) => file.includes('/dist/')).length,
  }
}

test('the version is told by a dozen files of our own and no package', async () => {
  const { packages, own } = await loadedBy('--version')
  expect(packages).toEqual([])
  expect(own).toBeGreaterThan(3)
  expect(own).toBeLessThan(30)
})

test('the help of all commands loads what parses, and none of what they run with', async () => {
  const { packages, own } = await loadedBy('--help')
  expect(packages).toContain('yargs')
  for (const heavy of ['execa', 'koffi', 'pure-rand']) expect(packages).not.toContain(heavy)
  expect(packages.filter((name) => name.startsWith('bundled/'))).toEqual([])
  expect(own).toBeLessThan(40)
})
