import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, type ResultPromise } from 'execa'

type Running = ResultPromise<{ reject: false; detached: true; all: true }> & { pid: number }

/** A run of the command line, in a process group of its own. */
export interface Run {
  process: Running
  /** What it has said on either stream so far. */
  said: () => string
}

/** How the command line is started. */
interface StartOptions {
  /** Whether its runs begin with the log's own tests. */
  withTests?: boolean
  /** A command that starts it. */
  prefix?: readonly string[]
}

/** Where one user's runs are: folders of their own, and one registry for all of them. */
export interface Scene {
  root: string
  /** Starts the command line in `work`, a folder below the root. */
  start(work: string, args: string[], options?: StartOptions): Run
  /** The folder in which a run that was started in `work` makes its volumes. */
  volumes(work: string): string
  folder(work: string): string
  /** What `pullplug doctor` says, asked from elsewhere and with another TMPDIR. */
  doctor(...args: string[]): Promise<Doctor>
  remove(): void
}

export interface Doctor {
  cleaned: { name: string; removed: boolean; problem: string | null }[]
  leftovers: { name: string; what: string; why: string }[]
  foreign: { name: string; what: string; why: string }[]
}

/** The package as npm would install it, whose runs begin without the log's own tests. */
function install(at: string): string {
  mkdirSync(at)
  for (const name of ['package.json', 'dist', 'schemas']) {
    cpSync(join(process.cwd(), name), join(at, name), { recursive: true })
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(at, 'node_modules'))
  return join(at, 'dist/matrix/cli.js')
}

export function makeScene(): Scene {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pullplug-kills-')))
  const installed = install(join(root, 'installed'))
  const checkout = join(process.cwd(), 'dist/matrix/cli.js')
  const place = (work: string) => {
    const folder = join(root, work)
    const [cwd, temporary, cache] = ['cwd', 'tmp', 'cache'].map((name) => join(folder, name))
    for (const each of [cwd, temporary, cache]) mkdirSync(each as string, { recursive: true })
    const env = {
      TMPDIR: temporary as string,
      XDG_CACHE_HOME: cache as string,
      PULLPLUG_STATE: join(root, 'state'),
    }
    return { cwd: cwd as string, env }
  }
  const start: Scene['start'] = (work, args, { withTests = false, prefix = [] } = {}) => {
    const command = [...prefix, process.execPath, withTests ? checkout : installed, ...args]
    const [file = '', ...rest] = command
    const running = execa(file, rest, {
      ...place(work),
      reject: false,
      detached: true,
      all: true,
    }) as Running
    let text = ''
    running.all.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    return { process: running, said: () => text }
  }
  return {
    root,
    start,
    volumes: (work) => join(root, work, 'tmp', `pullplug-${process.getuid?.() ?? 0}`, 'volumes'),
    folder: (work) => join(root, work),
    async doctor(...args) {
      const { process: running } = start('doctor', ['doctor', '--json', ...args])
      const { stdout, stderr } = await running
      try {
        return JSON.parse(stdout) as Doctor
      } catch (cause) {
        throw new Error(`doctor said no JSON: ${stdout}${stderr}`, { cause })
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
