import { execa } from 'execa'

/** The checkout that a run is of; null fields outside of one. */
export interface Checkout {
  commit: string | null
  dirty: boolean | null
}

/** The commit and the state of the git checkout around `directory`. */
export async function checkoutOf(directory: string): Promise<Checkout> {
  const git = (...args: string[]) => execa('git', args, { cwd: directory, reject: false })
  const head = await git('rev-parse', 'HEAD')
  if (head.exitCode !== 0) return { commit: null, dirty: null }
  const status = await git('status', '--porcelain')
  return { commit: head.stdout, dirty: status.exitCode === 0 ? status.stdout !== '' : null }
}
