import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { optionName } from '../commands/command.ts'
import { COMMANDS } from '../commands/index.ts'
import { packageRoot } from '../package-root.ts'
import { manualPage } from './page.ts'
import { roffText } from './roff.ts'

const PATH = join(packageRoot, 'man', 'pullplug.1')
const has = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)))

/** What a reader of the page sees, without line breaks. */
async function read(): Promise<string> {
  const { stdout } = await execa('groff', ['-man', '-Tutf8', '-P-cbou', PATH])
  return stdout
    .replace(/[‐-]\n\s+/g, '')
    .replace(/\s+/g, ' ')
    .replaceAll('−', '-')
}

test('the page of the manual is what `npm run man` makes', async () => {
  expect(readFileSync(PATH, 'utf8')).toBe(await manualPage())
})

test.skipIf(!has('groff'))('groff has nothing to say against it (needs groff)', async () => {
  for (const device of ['-Tutf8', '-Tascii']) {
    const { stderr } = await execa('groff', ['-man', '-ww', '-z', device, PATH])
    expect(stderr).toBe('')
  }
})

test.skipIf(!has('man'))('man has nothing to say against it (needs man)', async () => {
  const env = { MANWIDTH: '80', MANPAGER: 'cat', LC_ALL: 'C.UTF-8' }
  const { stderr, stdout } = await execa('man', ['--warnings', '-l', PATH], { env })
  expect(stderr).toBe('')
  expect(stdout).toContain('PULLPLUG(1)')
})

test.skipIf(!has('groff'))('it tells of every command and option (needs groff)', async () => {
  const page = await read()
  for (const { usage, load } of COMMANDS.values()) {
    expect(page).toContain(`pullplug ${usage} [options]`)
    const { options, examples } = await load()
    for (const key of Object.keys(options)) expect(page).toContain(`--${optionName(key)} `)
    for (const [line] of examples) expect(page).toContain(line.replace(/\s+/g, ' '))
  }
  for (const said of ['--no-color', 'EXIT STATUS', '64 usage', 'NO_COLOR']) {
    expect(page).toContain(said)
  }
})

test.each([
  ['.so /etc/passwd', '\\&.so /etc/passwd'],
  ["'br", '\\(aqbr'],
  ['a\\fBc', 'a\\efBc'],
  ['--fs\nx', '\\-\\-fs x'],
  ['can’t µ', 'can\\(cqt \\[u00B5]'],
])('%j is text and no request', (text, roff) => {
  expect(roffText(text)).toBe(roff)
})
