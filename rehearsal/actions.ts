import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { execa } from 'execa'
import type { Stage } from './stage.ts'

type Inputs = Readonly<Record<string, string>>

/** Plays an action; returns its outputs. */
type Play = (inputs: Inputs, stage: Stage) => Promise<Record<string, string>>

/** The commit that is checked out here, by a clone; what is not committed is not in it. */
const checkout: Play = async (_, { workspace }) => {
  const git = (...args: string[]) => execa('git', args, { cwd: workspace })
  if (existsSync(join(workspace, '.git'))) {
    await git('clean', '-ffdxq', '-e', 'node_modules', '-e', 'dist')
  } else {
    await git('clone', '--quiet', process.cwd(), '.')
  }
  return {}
}

/** The Node that runs the rehearsal. */
const setUpNode: Play = async () => ({})

const linesOf = (text = ''): string[] => text.split('\n').filter((line) => line.trim() !== '')

/** A single folder becomes the artifact itself, as several paths stand in it by their names. */
const upload: Play = async ({ name = '', path, ...inputs }, { workspace, artifacts }) => {
  const artifact = join(artifacts, name)
  rmSync(artifact, { recursive: true, force: true })
  const paths = linesOf(path)
  const filter = (source: string): boolean => !basename(source).startsWith('.')
  const there = paths.filter((one) => existsSync(resolve(workspace, one)))
  if (there.length === 0 && inputs['if-no-files-found'] === 'error') {
    throw new Error(`there is nothing to upload as ${name}`)
  }
  for (const each of there) {
    const to = paths.length === 1 ? artifact : join(artifact, each)
    cpSync(resolve(workspace, each), to, { recursive: true, filter })
  }
  return {}
}

const download: Play = async ({ name, pattern, path = '.' }, { workspace, artifacts }) => {
  const to = join(workspace, path)
  mkdirSync(to, { recursive: true })
  if (name !== undefined) {
    if (!existsSync(join(artifacts, name))) throw new Error(`there is no artifact ${name}`)
    cpSync(join(artifacts, name), to, { recursive: true })
    return {}
  }
  const [, prefix] = /^([\w-]+)\*$/.exec(pattern ?? '') ?? []
  if (prefix === undefined) throw new Error(`the rehearsal does not know the pattern ${pattern}`)
  for (const each of readdirSync(artifacts).filter((one) => one.startsWith(prefix))) {
    cpSync(join(artifacts, each), join(to, each), { recursive: true })
  }
  return {}
}

/** Nothing is signed; what would be is checked to be there. */
const attest: Play = async (inputs, { workspace, runner }) => {
  const predicatePath = inputs['predicate-path'] ?? ''
  const predicate = JSON.parse(readFileSync(join(workspace, predicatePath), 'utf8'))
  const subjects = linesOf(inputs['subject-path'])
  const absent = subjects.find((path) => !existsSync(join(workspace, path)))
  if (absent !== undefined) throw new Error(`the subject ${absent} is not there`)
  const bundle = join(runner, 'attestation.json')
  writeFileSync(bundle, JSON.stringify({ type: inputs['predicate-type'], subjects, predicate }))
  return { 'bundle-path': bundle }
}

/** The actions that the workflows use, as they are played. */
export const ACTIONS: Readonly<Record<string, Play>> = {
  'actions/checkout': checkout,
  'actions/setup-node': setUpNode,
  'actions/upload-artifact': upload,
  'actions/download-artifact': download,
  'actions/attest': attest,
}
