import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'
import { checkoutOf } from './commit.ts'

const AUTHOR = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org']

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', [...AUTHOR, ...args], { cwd: folder, encoding: 'utf8' }).trim()

/** A checkout of one commit with a file in a folder, and a folder beside the checkout. */
function scene() {
  const root = realpathSync(temporaryDirectory())
  const [top, beside] = [join(root, 'checkout'), join(root, 'beside')]
  mkdirSync(join(top, 'lib'), { recursive: true })
  mkdirSync(beside)
  writeFileSync(join(top, 'lib', 'main.js'), '')
  git(top, 'init', '--quiet')
  git(top, 'add', '.')
  git(top, 'commit', '--quiet', '--message', 'first')
  /** Whether the tree is dirty for a run that leaves its evidence in `out`. */
  const dirty = async (out: string, from = top) => (await checkoutOf(from, out)).checkout.dirty
  return { root, top, beside, dirty }
}

/** Leaves a file where an earlier run of that `--out` left its evidence. */
function leaveEvidence(out: string): void {
  const run = join(out, 'amd64', 'ext4', 'run-1')
  mkdirSync(run, { recursive: true })
  writeFileSync(join(run, 'run.json'), '{}')
}

test('a clean checkout is clean and has its commit, also from a subfolder', async () => {
  const { top } = scene()
  const seen = { checkout: { commit: git(top, 'rev-parse', 'HEAD'), dirty: false }, problem: null }
  expect(await checkoutOf(top, join(top, 'evidence'))).toEqual(seen)
  expect(await checkoutOf(join(top, 'lib'), join(top, 'lib', 'evidence'))).toEqual(seen)
})

test('what an earlier run left in the evidence folder makes no tree dirty', async () => {
  const { top, dirty } = scene()
  for (const out of ['evidence', 'lib/evidence', 'build/[1]/evidence', 'every*thing', ':(top)x']) {
    leaveEvidence(join(top, out))
    expect(await dirty(join(top, out))).toBe(false)
    expect(await dirty(join(top, out), join(top, 'lib'))).toBe(false)
    expect(await dirty(join(top, 'elsewhere'))).toBe(true)
    git(top, 'clean', '-fdq')
  }
})

test('the evidence folder is known through links', async () => {
  const { root, top, beside, dirty } = scene()
  symlinkSync(top, join(root, 'link'))
  leaveEvidence(join(top, 'evidence'))
  expect(await dirty(join(root, 'link', 'evidence'))).toBe(false)
  git(top, 'clean', '-fdq')
  symlinkSync(beside, join(top, 'evidence'))
  leaveEvidence(join(top, 'evidence'))
  expect(await dirty(join(top, 'evidence'))).toBe(false)
  expect(await dirty(beside)).toBe(true)
})

test('the evidence folder can be outside of the checkout', async () => {
  const { root, beside, dirty } = scene()
  leaveEvidence(beside)
  for (const out of [beside, root, '/', join(root, 'not', 'yet')]) {
    expect(await dirty(out)).toBe(false)
  }
})

test('what is no evidence makes the tree dirty, wherever the evidence is', async () => {
  const { top, beside, dirty } = scene()
  const out = join(top, 'evidence')
  leaveEvidence(out)
  writeFileSync(join(top, 'evidence.js'), '')
  expect([await dirty(out), await dirty(beside)]).toEqual([true, true])
  git(top, 'clean', '-fdq')
  appendFileSync(join(top, 'lib', 'main.js'), '1')
  expect([await dirty(out), await dirty(beside)]).toEqual([true, true])
})

test('a committed file that was changed counts in the evidence folder as well', async () => {
  const { top, dirty } = scene()
  appendFileSync(join(top, 'lib', 'main.js'), '1')
  expect(await dirty(join(top, 'lib'))).toBe(true)
})

test('the top of a checkout is never taken for evidence, nor is what it lies in', async () => {
  const { root, top, dirty } = scene()
  writeFileSync(join(top, 'new.js'), '')
  expect([await dirty(top), await dirty(root)]).toEqual([true, true])
})

test('where git names no commit there is neither commit nor tree, and the reason is told', async () => {
  const { root, top, beside } = scene()
  const problemIn = async (folder: string) => {
    const { checkout, problem } = await checkoutOf(folder, join(folder, 'evidence'))
    expect(checkout).toEqual({ commit: null, dirty: null })
    return problem
  }
  expect(await problemIn(beside)).toBe('there is no git checkout here')
  git(root, 'clone', '--quiet', '--bare', top, 'bare')
  expect(await problemIn(join(root, 'bare'))).toBe('there is no git checkout here')
  git(beside, 'init', '--quiet')
  expect(await problemIn(beside)).toBe('the git checkout has no commit yet')
  writeFileSync(join(top, '.git', 'index'), 'nonsense')
  expect(await problemIn(top)).toContain('git has no answer: ')
  vi.stubEnv('PATH', beside)
  expect(await problemIn(top)).toBe('git is not there')
  vi.unstubAllEnvs()
})

test.skipIf(process.getuid?.() !== 0)(
  'a checkout of another user’s, which git refuses, is told with the way out',
  async () => {
    const { top } = scene()
    for (const path of [top, join(top, '.git')]) chownSync(path, 65534, 65534)
    vi.stubEnv('SUDO_UID', undefined)
    const { checkout, problem } = await checkoutOf(top, join(top, 'evidence'))
    vi.unstubAllEnvs()
    expect(checkout).toEqual({ commit: null, dirty: null })
    expect(problem).toContain('git config --global --add safe.directory')
  },
)

test('asking writes nothing into the checkout', async () => {
  const { top, dirty } = scene()
  const listed = () =>
    execFileSync('find', ['.', '-printf', '%p %T@\n'], { cwd: top, encoding: 'utf8' })
  const before = listed()
  await dirty(join(top, 'evidence'))
  expect(listed()).toBe(before)
})
