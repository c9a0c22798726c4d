import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { execa } from 'execa'

/** The checkout that a run is of; null fields outside of one. */
export type Checkout = { commit: string; dirty: boolean } | { commit: null; dirty: null }

/** What git says of a directory, and why it names no commit where it names none. */
export type CheckoutSeen =
  | { checkout: Checkout & { commit: string }; problem: null }
  | { checkout: Checkout & { commit: null }; problem: string }

/** Git has no answer, for a reason that is told. */
class NoAnswer extends Error {}

/** Asks git, which then writes nothing itself, and answers in English. */
async function ask(directory: string, ...args: string[]): Promise<string> {
  const result = await execa('git', ['--no-optional-locks', ...args], {
    cwd: directory,
    env: { LC_ALL: 'C' },
    reject: false,
  })
  if (result.exitCode === 0) return result.stdout
  const { code, stderr, shortMessage } = result
  if (code === 'ENOENT') throw new NoAnswer('git is not there')
  if (/not a git repository|must be run in a work tree/.test(stderr)) {
    throw new NoAnswer('there is no git checkout here')
  }
  if (stderr.includes('Needed a single revision')) {
    throw new NoAnswer('the git checkout has no commit yet')
  }
  if (stderr.includes('dubious ownership')) {
    throw new NoAnswer(
      'git refuses a checkout of another user’s, unless it is told that it is safe: git config --global --add safe.directory DIR',
    )
  }
  throw new NoAnswer(`git has no answer: ${stderr.split('\n')[0] || shortMessage}`)
}

/** Where a path leads, also where its last parts are not there yet. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realPathOf(dirname(path)), basename(path))
  }
}

function isBelow(top: string, path: string): boolean {
  const way = relative(top, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The pathspecs of all of a work tree but what lies in the folder `out`, or but a link by that name. */
function allBut(out: string, top: string): string[] {
  const path = resolve(out)
  const link = join(realPathOf(dirname(path)), basename(path))
  const ours = [...new Set([link, realPathOf(path)])].filter((each) => isBelow(top, each))
  return [':(top)', ...ours.map((each) => `:(top,exclude,literal)${relative(top, each)}`)]
}

async function look(directory: string, out: string): Promise<Checkout & { commit: string }> {
  const top = await ask(directory, 'rev-parse', '--show-toplevel')
  const commit = await ask(directory, 'rev-parse', '--verify', 'HEAD')
  const changed = await ask(directory, 'status', '--porcelain', '--untracked-files=no')
  const all = await ask(directory, 'status', '--porcelain', '--', ...allBut(out, top))
  return { commit, dirty: changed !== '' || all !== '' }
}

/**
 * The commit and the state of the git checkout around `directory`. What lies in the evidence folder `out` and is not
 * committed is ours and no change of the user's.
 */
export async function checkoutOf(directory: string, out: string): Promise<CheckoutSeen> {
  try {
    return { checkout: await look(directory, out), problem: null }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { checkout: { commit: null, dirty: null }, problem: error.message }
  }
}
