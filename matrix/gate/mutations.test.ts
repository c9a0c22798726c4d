import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  COMMIT,
  type Draft,
  NOW,
  putDraft,
  redoSums,
  temporaryFolder,
} from '../testing/evidence.ts'
import { runGate } from './gate.ts'
import { honestDraft } from './testing/lie.ts'
import { mergedDraft } from './testing/merged-draft.ts'
import { type Mutation, mutationsOf } from './testing/mutations.ts'

/**
 * What nothing beside it says, so that nobody can compute it again; docs/gate.md gives the bounds of
 * each. A number in a path stands for any.
 */
const UNKNOWABLE = [
  'run.json startedAt',
  'run.json finishedAt',
  'run.json host.kernel',
  'run.json host.cpus',
  'run.json shards.0.startedAt',
  'run.json shards.0.finishedAt',
  'run.json shards.0.host.kernel',
  'run.json shards.0.host.cpus',
  'run.json shards.0.sums',
  'run.json steps.0.durationMs',
  'run.json steps.0.confirmations.durationMs',
  'run.json steps.0.passed',
  'run.json steps.0.skipped',
  'power-cut.json marker.vanished',
  'power-cut.json controls.0.failure',
  'power-cut.json controls.0.by',
  'power-cut.json controls.0.states',
  'io-error.json rounds',
  'io-error.json planned',
  'io-error.json controls.0.by',
  'io-error.json controls.0.cases',
]

const LINES = new Set(['iterations.ndjson', 'autonomy.log'])

function parsed(name: string, text: string): unknown {
  if (!LINES.has(name)) return JSON.parse(text)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

function written(name: string, value: unknown): string {
  if (!LINES.has(name)) return JSON.stringify(value)
  return (value as unknown[]).map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Evidence in a folder, of which one file at a time is another one. */
class Scene {
  readonly #root = temporaryFolder()
  readonly #path: string
  readonly #files: Map<string, Buffer>

  constructor(draft: Draft) {
    this.#path = putDraft(this.#root, draft)
    const names = readdirSync(this.#path).filter((name) => name !== 'SHA256SUMS')
    this.#files = new Map(names.map((name) => [name, readFileSync(join(this.#path, name))]))
  }

  mutations(name: string): Mutation[] {
    const text = this.#files.get(name)?.toString() ?? ''
    return [...mutationsOf(parsed(name, text))]
  }

  async isBelieved(name: string, value: unknown): Promise<boolean> {
    const files = new Map([...this.#files, [name, Buffer.from(written(name, value))]])
    writeFileSync(join(this.#path, name), files.get(name) ?? '')
    redoSums(this.#path, files)
    const options = { directory: this.#root, commit: COMMIT, now: NOW, advisory: false }
    const { decision } = await runGate(options)
    writeFileSync(join(this.#path, name), this.#files.get(name) ?? '')
    return decision.cells[0]?.result === 'pass'
  }
}

const generic = (path: string): string => path.replace(/\b\d+\b/g, '0')

/** The paths whose other values the gate does not notice, and how many values of how many leaves were tried. */
async function unnoticedIn(draft: Draft, names: readonly string[]) {
  const scene = new Scene(draft)
  const unnoticed = new Set<string>()
  const leaves = new Set<string>()
  let tried = 0
  for (const name of names) {
    for (const { path, what, value } of scene.mutations(name)) {
      tried += 1
      leaves.add(`${name} ${path}`)
      if (await scene.isBelieved(name, value)) unnoticed.add(`${name} ${generic(path)}: ${what}`)
    }
  }
  return { unnoticed: [...unnoticed], leaves: leaves.size, tried }
}

const pathOf = (unnoticed: string): string => unnoticed.split(':')[0] ?? ''

test('of all values in evidence the gate notices each that is altered, but for those that nothing beside them says', {
  timeout: 600_000,
}, async () => {
  const run = await unnoticedIn(honestDraft({ seed: 3, iterations: 11 }), [
    'run.json',
    'power-cut.json',
    'io-error.json',
    'portability.json',
    'autonomy.log',
  ])
  const iterations = await unnoticedIn(honestDraft({ iterations: 3 }), [
    'iterations.ndjson',
    'wal_verify.json',
  ])
  const merged = await unnoticedIn(mergedDraft(2), ['run.json'])
  const unnoticed = [run, iterations, merged].flatMap((each) => each.unnoticed)
  const strange = unnoticed.filter((each) => !UNKNOWABLE.includes(pathOf(each)))
  expect(strange).toEqual([])
  const needless = UNKNOWABLE.filter((path) => !unnoticed.some((each) => pathOf(each) === path))
  expect(needless).toEqual([])
})

test('docs/gate.md names all that the gate cannot compute again', () => {
  const page = readFileSync('docs/gate.md', 'utf8')
  for (const path of UNKNOWABLE) {
    const [file, name] = path.replaceAll('.0.', '.N.').split(' ') as [string, string]
    expect(page).toMatch(new RegExp(`\`${file}\`.*\`${name.replaceAll('.', '\\.')}\``))
  }
})
