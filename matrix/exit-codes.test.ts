import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { CAN_MOUNT } from '../harness/testing/small-volume.ts'
import { temporaryDirectory } from '../harness/testing/temporary-directory.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
const onLinux = test.skipIf(process.platform !== 'linux')

/** A log that every rule holds of. */
function soundLog(): string {
  const log = temporaryDirectory()
  writeFileSync(join(log, 'telemetry.safe_seq'), Buffer.alloc(8))
  return log
}

/** Runs a line of bash in which `pullplug` is the command line; what it makes goes to a folder of its own. */
async function bash(line: string, env: Record<string, string> = {}) {
  const root = temporaryDirectory()
  const script = `set -o pipefail; pullplug() { "${process.execPath}" "${CLI}" "$@"; }\n${line}`
  const { exitCode, stdout, stderr } = await execa('bash', ['-c', script], {
    cwd: root,
    env: { TMPDIR: root, XDG_CACHE_HOME: root, PULLPLUG_STATE: join(root, 'state'), ...env },
    reject: false,
  })
  return { exitCode, stdout, stderr, root }
}

/** Every command with an answer, and the exit code that is true of it. */
const ANSWERING: [string, number][] = [
  ['--version', 0],
  ['--help', 0],
  ['help matrix', 0],
  ['cells', 0],
  ['cells --json', 0],
  ['doctor', 0],
  ['doctor --json', 0],
  ['gate .', 1],
  ['gate . --advisory --json', 0],
  ['merge .  --out out', 1],
  [`verify ${soundLogPath()} --out report.json`, 0],
]

function soundLogPath(): string {
  return '"$log"'
}

describe('where answers go', () => {
  test.each(ANSWERING)(
    '%s answers on standard output and says nothing else',
    async (args, code) => {
      const { exitCode, stdout, stderr } = await bash(`pullplug ${args}`, { log: soundLog() })
      expect([exitCode, stderr]).toEqual([code, ''])
      expect(stdout).not.toBe('')
    },
  )

  test('cells can be counted by wc', async () => {
    expect((await bash('pullplug cells --arch amd64 | wc -l')).stdout.trim()).toBe('3')
  })

  test.each([['cells'], ['doctor'], ['gate . --advisory'], ['verify "$log"']])(
    '%s --json is JSON and nothing else',
    async (args) => {
      const { stdout } = await bash(`pullplug ${args} --json`, { log: soundLog() })
      expect(() => JSON.parse(stdout)).not.toThrow()
    },
  )
})

describe('an answer that cannot be delivered', () => {
  // The reader is gone before the first byte is written.
  const UNREAD = (args: string) => `{ sleep 0.5; pullplug ${args}; } | true`

  onLinux.each(ANSWERING)('%s into a closed pipe exits 141 without a word', async (args) => {
    const { exitCode, stderr } = await bash(UNREAD(args), { log: soundLog() })
    expect([exitCode, stderr]).toEqual([141, ''])
  })

  onLinux.each(ANSWERING)('%s onto a full disk exits 4 and says why', async (args) => {
    const { exitCode, stderr } = await bash(`pullplug ${args} > /dev/full`, { log: soundLog() })
    expect(exitCode).toBe(4)
    expect(stderr).toContain('the answer could not be written to standard output: ENOSPC')
  })

  test('help that nobody reads to its end is no error', async () => {
    const { exitCode, stdout, stderr } = await bash('pullplug help matrix | head -1')
    expect([0, 141]).toContain(exitCode)
    expect([stdout, stderr]).toEqual(['Usage: pullplug matrix [options]', ''])
  })
})

describe('complaints that cannot be delivered change no exit code', () => {
  onLinux.each([
    ['cells', 0],
    ['gate .', 1],
    ['gate /nowhere', 3],
    ['matrix --out /proc/x', 4],
    ['nonsense', 64],
  ])('%s with standard error on a full disk, and closed', async (args, code) => {
    expect((await bash(`pullplug ${args} 2> /dev/full`)).exitCode).toBe(code)
    const closed = `{ { sleep 0.5; pullplug ${args}; echo $? >&3; } 2>&1 >/dev/null | true; } 3>&1`
    expect((await bash(closed)).stdout).toBe(String(code))
  })
})

describe('a process that is short of something', () => {
  const BARE = ['cells', 'gate .', 'merge . --out out', 'doctor', 'verify .', 'matrix', 'replay .']

  onLinux.each(BARE)('%s with few open files never exits 1 without a verdict', async (args) => {
    for (const limit of [19, 21, 24, 32, 40, 48, 64]) {
      const { exitCode, stdout, stderr } = await bash(`ulimit -n ${limit}; pullplug ${args}`)
      if (exitCode === 1) expect(stdout).not.toBe('')
      else if (exitCode !== 0) {
        expect([2, 3, 4]).toContain(exitCode)
        expect(stderr).toMatch(/^pullplug/)
        expect(stderr).not.toContain('    at ')
      }
    }
  })

  onLinux.each(BARE)('%s with few addresses never exits 1 without a verdict', async (args) => {
    for (const kib of [400_000, 800_000, 1_200_000, 4_000_000]) {
      const { exitCode, stdout } = await bash(`ulimit -v ${kib}; pullplug ${args}`)
      if (exitCode === 1) expect(stdout).not.toBe('')
      // Node itself ends by SIGABRT or SIGTRAP when it finds no memory for itself.
      else expect([0, 2, 3, 4, 133, 134]).toContain(exitCode)
    }
  })

  onLinux('an answer needs no more addresses than Node itself', async () => {
    for (const args of ['--version', 'cells', 'verify "$log"', 'gate . --advisory']) {
      const { exitCode, stderr } = await bash(`ulimit -v 1200000; pullplug ${args}`, {
        log: soundLog(),
      })
      expect([exitCode, stderr]).toEqual([0, ''])
    }
  })

  onLinux('a run says beforehand that its limits are too low', async () => {
    const files = await bash('ulimit -n 100; pullplug matrix')
    expect(files.exitCode).toBe(3)
    expect(files.stderr).toMatch(/a run needs \d+ open files, and may have 100 open files here/)
    const addresses = await bash('ulimit -v 4000000; pullplug matrix')
    expect(addresses.exitCode).toBe(3)
    expect(addresses.stderr).toMatch(/a run needs \d+ GiB of addresses, and may have 3 GiB/)
    expect(readdirSync(files.root)).toEqual([])
  })

  test('a heap that is full ends it by a signal and not by 1', async () => {
    const { exitCode } = await bash('pullplug gate .', {
      NODE_OPTIONS: '--max-old-space-size=1 --max-semi-space-size=1',
    })
    expect([4, 133, 134]).toContain(exitCode)
  })
})

/** Has the command line run with a module that is loaded before it. */
async function withModule(source: string, args: string[]) {
  const root = temporaryDirectory()
  const path = join(root, 'before.mjs')
  writeFileSync(path, source)
  return await execa(process.execPath, ['--import', pathToFileURL(path).href, CLI, ...args], {
    cwd: root,
    reject: false,
  })
}

/** What can be thrown: an error, and values that have no message, or that no string can be made of. */
const THROWN = [
  'new Error("meant")',
  '"meant"',
  'null',
  'undefined',
  'Symbol()',
  'Object.create(null)',
]

describe('what nobody caught', () => {
  /** What is thrown before it listens is Node's to tell. */
  const onceItListens = (source: string): string => `const first = () => {
    if (process.listenerCount('uncaughtException') > 0) { ${source} }
    setImmediate(first)
  }
  first()`

  test.each(
    THROWN.flatMap((thrown) =>
      [
        ['while it is loaded', onceItListens(`throw ${thrown}`)],
        ['late', `setTimeout(() => { throw ${thrown} }, 1000)`],
        ['in a promise', onceItListens(`return Promise.reject(${thrown})`)],
      ].map(([when, source]) => [thrown, when as string, source as string] as const),
    ),
  )('%s, thrown %s, exits 4 and is told', async (_, __, source) => {
    const busy = 'import fs from "node:fs"; setInterval(() => {}, 1000);'
    // What is waited for lasts until it is thrown.
    const held =
      'const { write } = process.stdout; process.stdout.write = (...args) => setTimeout(() => write.apply(process.stdout, args), 2000);'
    const { exitCode, stderr } = await withModule(`${busy}${held}${source}`, ['cells'])
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/^pullplug (could not be loaded|broke)/)
  })

  test('a wait that can never end exits 4', async () => {
    // An answer whose delivery is never told.
    const source = 'process.stdout.write = () => true'
    const { exitCode } = await withModule(source, ['cells'])
    expect(exitCode).toBe(4)
  })
})

test('no HTTP client is loaded where no HTTP is spoken, and no WebAssembly is made', async () => {
  const hooks = `export async function resolve(specifier, context, next) {
    if (/undici|@actions|bundled\\/github/.test(specifier)) throw new Error('loaded ' + specifier)
    return next(specifier, context)
  }`
  const source = `
    import { register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}))
    for (const name of ['Memory', 'Module']) {
      WebAssembly[name] = class { constructor() { throw new Error('made WebAssembly') } }
    }
    process.on('exit', () => {
      const all = process.moduleLoadList.join()
      if (/undici/.test(all)) process.stderr.write('loaded undici of Node')
    })`
  const log = soundLog()
  for (const args of [
    ['--version'],
    ['--help'],
    ['cells'],
    ['doctor'],
    ['gate', '.', '--advisory'],
    ['verify', log],
  ]) {
    const { exitCode, stderr } = await withModule(source, args)
    expect([args[0], exitCode, stderr]).toEqual([args[0], 0, ''])
  }
})

describe('a signal in the first second', () => {
  onLinux.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s leaves nothing, whenever it comes', async (signal, code) => {
    const codes = new Set<number | null>()
    for (let afterMs = 0; afterMs < 1000; afterMs += 90) {
      const root = temporaryDirectory()
      const out = join(root, 'evidence')
      mkdirSync(out)
      const child = spawn(
        process.execPath,
        [CLI, 'matrix', '--fs', 'workdir', '--error-cases', '8', '--out', out, '--no-install'],
        {
          cwd: root,
          env: { PATH: process.env.PATH, TMPDIR: root, PULLPLUG_STATE: join(root, 'state') },
          stdio: 'ignore',
        },
      )
      await once(child, 'spawn')
      await sleep(afterMs)
      child.kill(signal)
      const [exitCode, by] = await once(child, 'exit')
      // Before Node has begun with our own code, the signal ends it itself.
      if (exitCode === null) expect(by).toBe(signal)
      codes.add(exitCode)
      expect(readdirSync(root).filter((name) => name !== 'state')).toEqual(['evidence'])
      expect(readdirSync(out)).toEqual([])
    }
    expect([...codes].filter((each) => each !== null)).toEqual([code])
  })
})

const asNobody = test.skipIf(!CAN_MOUNT)

describe('places where no evidence is', () => {
  test.each(['/', '/proc', '/proc/self', '/dev', '/proc/1/fd', '/sys'])(
    'gate and merge of %s say so in sentences',
    async (path) => {
      const gate = await bash(`pullplug gate ${path}`)
      expect([gate.exitCode, gate.stderr]).toEqual([1, ''])
      expect(gate.stdout).toMatch(/no run of ours|cannot be read/)
      expect(gate.stdout.split('\n').length).toBeLessThan(120)
      const merge = await bash(`pullplug merge ${path}`)
      expect([merge.exitCode, merge.stderr]).toEqual([1, ''])
      expect(merge.stdout).toContain(`there is no run in ${path}`)
    },
  )

  test.each(['/nowhere', '/etc/passwd', '/etc/passwd/below', `/${'x'.repeat(300)}`])(
    'gate, merge and replay of %s exit with a sentence and not 1',
    async (path) => {
      for (const command of ['gate', 'merge', 'replay']) {
        const { exitCode, stderr } = await bash(`pullplug ${command} ${path}`)
        expect([3, 4]).toContain(exitCode)
        expect(stderr).toMatch(/^pullplug: [^\n]*\n {2}[^\n]*$/)
      }
    },
  )

  asNobody('gate of a folder that may not be read exits 4 (needs root)', async () => {
    const { exitCode, stderr } = await bash(
      `chmod 755 .; mkdir -m 700 closed; setpriv --reuid 65534 --clear-groups "${process.execPath}" "${CLI}" gate closed`,
    )
    expect(exitCode).toBe(4)
    expect(stderr).toContain('the evidence folder closed cannot be read: EACCES')
  })
})

describe('an --out where nothing can be written', () => {
  onLinux.each([
    ['/proc/x', 4],
    ['/proc/self/fd/x', 4],
    ['/sys/x', 4],
    ['/dev/null', 4],
    ['/dev/null/x', 4],
    [`./${'x'.repeat(256)}`, 4],
    ['', 64],
  ])('matrix --out %j ends with a sentence', async (out, code) => {
    const { exitCode, stderr, stdout } = await bash(`pullplug matrix --out "${out}"`)
    expect([exitCode, stdout]).toEqual([code, ''])
    expect(stderr).toMatch(/^pullplug: [^\n]{1,300}(\n {2}[^\n]*)?$/)
  })

  asNobody('on a file system that is read-only (needs root)', async () => {
    const { exitCode, stderr } = await bash(
      'mkdir ro; mount -t tmpfs -o ro none ro; pullplug matrix --out ro/x; code=$?; umount ro; exit $code',
    )
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('EROFS')])
  })
})
