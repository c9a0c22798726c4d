import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filesIn } from '../harness/files/files-in.ts'
import { changesOf } from '../harness/plan/changes.ts'
import { Conversation, type Question } from '../harness/subject/conversation.ts'
import type { Reply } from '../harness/subject/protocol.ts'
import { speakerOf } from '../harness/subject/speak.ts'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { LEGACY_UPGRADE_VARIABLE, OPERATOR_RESET_VARIABLE, WAL_FILE } from '../wal/layout.ts'
import { described } from './described.ts'
import { verifyLog } from './wal/verify/verify.ts'

/** The logs of one format, by the language that they are written in. */
const LOGS = { TypeScript: 'wal', C: 'log-in-c', Python: 'log-in-python' } as const
type Language = keyof typeof LOGS
const LANGUAGES = Object.keys(LOGS) as Language[]
const FOREIGN: Language[] = ['C', 'Python']

/** Asks a log in a process of its own; returns what it answered to each. */
async function ask(language: Language, ...questions: Question[]): Promise<Reply[]> {
  const subject = described(`${LOGS[language]}/pullplug.json`)
  const conversation = await Conversation.start(speakerOf(subject), {
    kind: 'log',
    timeoutMs: 30_000,
  })
  onTestFinished(async () => void (await conversation.kill()))
  const { replies, broke } = await conversation.ask(questions)
  expect(broke).toBe(null)
  await conversation.end(5_000)
  return replies
}

const entriesIn = (reply: Reply | undefined): readonly string[] =>
  (reply as { contents: { entries: readonly string[] } }).contents.entries

async function read(language: Language, directory: string): Promise<readonly string[]> {
  const [, reply] = await ask(language, { do: 'open', directory }, { do: 'read' })
  return entriesIn(reply)
}

async function append(language: Language, directory: string, entries: string[]): Promise<void> {
  const appends = entries.map((entry): Question => ({ do: 'append', entry }))
  const replies = await ask(language, { do: 'open', directory }, ...appends, { do: 'close' })
  expect(replies.filter(({ ok }) => !ok)).toEqual([])
}

/** Texts of every kind, and JSON in which a log could mistake a text for an object of its own. */
const ENTRIES = [
  ...changesOf({ kind: 'log', seed: 7, round: 1, changes: 14 }).map((change) =>
    change.do === 'append' ? change.entry : '',
  ),
  '{}',
  '{"event":"boot","n":[1,2.5e-7,{"deep":null}]}',
  '{"text":"x"}',
  '{"text":{"a":1}}',
  '{"text":"x","more":1}',
  '{"seq":1}',
  '{"__proto__":1,"b":"\\u2028"}',
  '{"2":1,"1":2}',
  ' {"spaced": true}',
  '[1]',
  '"quoted"',
  'null',
]

test.each(
  LANGUAGES.flatMap((first) => LANGUAGES.map((second): [Language, Language] => [first, second])),
)('a log that %s begins and %s goes on with is read alike in every language', async (a, b) => {
  const directory = temporaryDirectory()
  const half = ENTRIES.length / 2
  await append(a, directory, ENTRIES.slice(0, half))
  await append(b, directory, ENTRIES.slice(half))
  for (const reader of LANGUAGES) expect(await read(reader, directory)).toEqual(ENTRIES)
  expect(verifyLog(directory)).toMatchObject({ pass: true })
})

test.each(LANGUAGES)('what stands beyond the safe point is cut off by %s', async (language) => {
  const directory = temporaryDirectory()
  await append('TypeScript', directory, ['one', 'two'])
  const path = join(directory, WAL_FILE)
  const whole = readFileSync(path)
  const phantom = Buffer.from('{"seq":3,"text":"three"}')
  const header = Buffer.from([0, 0, 0, phantom.length])
  writeFileSync(path, Buffer.concat([whole, header, phantom, header, phantom.subarray(0, 9)]))
  expect(await read(language, directory)).toEqual(['one', 'two'])
  expect(readFileSync(path)).toEqual(whole)
})

const CORPUS = join(import.meta.dirname, '../wal/corpus')
const OUTCOME = 'outcome.json'

interface Outcome {
  environment?: Record<string, string>
  opens?: { entries?: { fields: Record<string, unknown> }[] }
  fails?: { code: string }
}

const outcomeOf = (name: string): Outcome =>
  JSON.parse(readFileSync(join(CORPUS, name, OUTCOME), 'utf8')) as Outcome

/** The directories of the corpus but for those that are opened with an operator's variables. */
const names = readdirSync(CORPUS).filter((name) => {
  if (name === 'SHA256SUMS') return false
  const { environment = {} } = outcomeOf(name)
  return ![LEGACY_UPGRADE_VARIABLE, OPERATOR_RESET_VARIABLE].some((v) => environment[v] === '1')
})

test.each(names.flatMap((name) => FOREIGN.map((language): [string, Language] => [name, language])))(
  'the corpus directory %s opens, or is refused untouched, in %s',
  async (name, language) => {
    const { opens, fails } = outcomeOf(name)
    const directory = temporaryDirectory()
    cpSync(join(CORPUS, name), directory, {
      recursive: true,
      filter: (source) => basename(source) !== OUTCOME,
    })
    const before = filesIn(directory)
    const [opened] = await ask(language, { do: 'open', directory })
    if (fails !== undefined) {
      expect(opened).toMatchObject({ ok: false, message: expect.stringContaining(fails.code) })
      expect(filesIn(directory)).toEqual(before)
      return
    }
    expect(opened).toMatchObject({ ok: true })
    const entries = await read(language, directory)
    if (opens?.entries === undefined) return
    expect(entries.map((entry) => JSON.parse(entry))).toEqual(
      opens.entries.map(({ fields }) => fields),
    )
  },
)
