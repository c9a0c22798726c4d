import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, type TestContext, test } from 'vitest'
import { checkSubject } from '../../harness/subject/check/check.ts'
import { Conversation } from '../../harness/subject/conversation.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import { nextChange } from '../../harness/subject/next-change.ts'
import { speakerOf } from '../../harness/subject/speak.ts'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { readDescription } from '../subject/read-description.ts'
import { Folder } from './detect.ts'
import { runInit } from './init.ts'
import { KINDS, type Language } from './language.ts'
import { LANGUAGES } from './languages/index.ts'

/** The programs that a language's adapters are built and run by. */
const PROGRAMS: Record<string, string[]> = {
  python: ['python3'],
  c: ['cc'],
  go: ['go'],
  rust: ['rustc'],
  shell: ['sh', 'jq'],
}

async function skipWithout(programs: readonly string[], context: TestContext): Promise<void> {
  for (const program of programs) {
    const { failed } = await execa('sh', ['-c', `command -v ${program}`], { reject: false })
    if (failed) context.skip(`${program} is not installed`)
  }
}

/** Has init write an adapter, builds it by the command that init tells, and reads the description. */
async function initAndBuild(folder: string, language: Language, kind?: 'log' | 'store' | 'file') {
  const { build } = language.layout(new Folder(folder).names, () => '')
  runInit({ folder, language: language.name, kind, name: 'mine' })
  if (build !== null) await execa('sh', ['-c', build], { cwd: folder })
  return readDescription(folder)
}

async function expectKept(subject: DescribedSubject): Promise<void> {
  const { rules, notes } = await checkSubject(subject, { scratch: temporaryDirectory() })
  expect(rules.filter(({ kept }) => kept !== true)).toEqual([])
  expect(notes).toEqual([])
}

/** A folder in which TypeScript and its types are installed. */
function typescriptFolder(): string {
  const folder = temporaryDirectory()
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  return folder
}

const language = (name: string): Language =>
  LANGUAGES.find((each) => each.name === name) as Language
const CASES = LANGUAGES.flatMap((each) => KINDS.map((kind) => [kind, each.title, each] as const))

test.for(CASES)(
  'the adapter of a %s in %s keeps the contract as it is written, and answers that a change has failed',
  async ([kind, , language], context) => {
    await skipWithout(PROGRAMS[language.name] ?? [], context)
    const folder = language.name === 'ts' ? typescriptFolder() : temporaryDirectory()
    const subject = await initAndBuild(folder, language, kind)
    await expectKept(subject)

    const directory = temporaryDirectory()
    const talk = await Conversation.start(speakerOf(subject), { kind, timeoutMs: 30_000 })
    try {
      await talk.ask([{ do: 'open', directory }])
      rmSync(directory, { recursive: true })
      const { replies, broke } = await talk.ask([nextChange(kind), { do: 'close' }])
      expect(replies[0]).toMatchObject({ ok: false, message: expect.stringMatching(/./) })
      expect(broke).toBeNull()
    } finally {
      await talk.kill()
    }
  },
)

test('an adapter in TypeScript is built beside a tsconfig.json', async () => {
  const folder = typescriptFolder()
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "outDir": "dist" } }')
  const words = runInit({ folder, name: 'mine' })
  const build = words.split('\n').find((line) => line.includes('npx tsc'))
  await execa('sh', ['-c', build as string])
  await expectKept(readDescription(folder))
})

test('an adapter in a package of Cargo is an example of it', async (context) => {
  await skipWithout(['cargo'], context)
  const folder = temporaryDirectory()
  writeFileSync(
    join(folder, 'Cargo.toml'),
    '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n',
  )
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'src', 'lib.rs'), '')
  await expectKept(await initAndBuild(folder, language('rust')))
})

test('an adapter in a module of Go is built beside a package of another name', async (context) => {
  await skipWithout(['go'], context)
  const folder = temporaryDirectory()
  writeFileSync(join(folder, 'go.mod'), 'module example.org/x\n')
  writeFileSync(join(folder, 'x.go'), 'package x\n')
  await expectKept(await initAndBuild(folder, language('go')))
  await execa('go', ['vet', './...'], { cwd: folder })
})
