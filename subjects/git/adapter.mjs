import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory } from '../sync-directory.mjs'

/** A log in a git repository, which the setup has made: each entry is the content of a file, committed. */
export function open(directory) {
  const repository = join(directory, '.git')
  const inside = () =>
    readdirSync(repository, { recursive: true }).map((name) => join(repository, name))
  const git = (args, input = '') =>
    execFileSync('git', args, { cwd: directory, input, maxBuffer: 1 << 28, stdio: 'pipe' })
  // The locks of a process that died, which git asks its user to remove.
  for (const path of inside()) if (path.endsWith('.lock')) rmSync(path)
  return {
    append(entry) {
      writeFileSync(join(directory, 'entry'), entry)
      git(['add', 'entry'])
      git(['commit', '--quiet', '--message=entry'])
      if (process.env.SYNC_DIRECTORIES !== 'true') return
      for (const path of [repository, ...inside()])
        if (statSync(path).isDirectory()) syncDirectory(path)
    },
    read: () => (existsSync(join(repository, 'refs/heads/main')) ? committed(git) : []),
    close() {},
  }
}

/** The entries of all commits, the oldest first. */
function committed(git) {
  const commits = String(git(['rev-list', '--reverse', 'main']))
    .trim()
    .split('\n')
  const blobs = git(['cat-file', '--batch'], commits.map((id) => `${id}:entry\n`).join(''))
  const entries = []
  for (let at = 0; at < blobs.length; ) {
    const start = blobs.indexOf('\n', at) + 1
    const header = blobs.toString('utf8', at, start)
    const [, size] = / blob (\d+)\n$/.exec(header) ?? []
    if (size === undefined) throw new Error(header)
    at = start + Number(size) + 1
    entries.push(blobs.toString('utf8', start, at - 1))
  }
  return entries
}
