import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { scratch } from '../volume/testing/scene.ts'
import type { Operation } from './operation.ts'
import {
  type Command,
  expectRebuilt,
  hasCommand,
  NEEDS,
  node,
  passthrough,
  python,
  run,
  testPassthrough,
} from './testing/scene.ts'

const SQLITE = (mode: string, more = '') =>
  python(`
import sqlite3
c = sqlite3.connect('db')
print(c.execute("pragma journal_mode=${mode}").fetchone()[0])
${more}
c.execute('create table t(a)')
for i in range(20):
    c.execute('insert into t values (?)', ('x' * 3000,))
    c.commit()
print(c.execute('pragma integrity_check').fetchone()[0])
`)

const NODE_FILES = node(`
const fs = require('node:fs')
fs.writeFileSync('big', 'a'.repeat(700 * 1024))
fs.appendFileSync('big', 'b'.repeat(700 * 1024))
fs.writeFileSync('old', 'old'); fs.renameSync('big', 'old')
fs.linkSync('old', 'second'); fs.appendFileSync('second', 'through the second name'); fs.unlinkSync('old')
fs.symlinkSync('second', 'link'); fs.appendFileSync('link', '!')
const open = fs.openSync('gone', 'w+'); fs.writeSync(open, 'to nobody'); fs.unlinkSync('gone'); fs.writeSync(open, 'more')
fs.mkdirSync('a/b/c', { recursive: true }); fs.writeFileSync('a/b/c/file', 'deep'); fs.renameSync('a', 'z')
fs.appendFileSync('z/b/c/file', 'er'); fs.rmSync('z/b', { recursive: true })
fs.truncateSync('second', 5000); fs.truncateSync('second', 9000)
fs.writeFileSync('kept', '12345'); fs.writeFileSync('kept', '1')
fs.chmodSync('kept', 0o600); fs.utimesSync('kept', 1, 2)
`)

const ODD_NAMES = python(`
import os
for name in (b'\\xff\\xfe', b'sp ace', 'ü'.encode(), 'ü'.encode('latin1'), b'n\\nl'):
    f = os.open(name, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(f, name)
    os.close(f)
os.rename(b'\\xff\\xfe', b'\\xfd')
os.symlink(b'\\xfd', b'link')
print(sorted(os.listdir(b'.')))
`)

const THREADS = python(`
import threading, os
def work(name):
    f = os.open(name, os.O_CREAT | os.O_RDWR)
    for i in range(50):
        os.pwrite(f, name.encode() * 100, i * 7)
        os.fsync(f)
threads = [threading.Thread(target=work, args=('t%d' % (i % 2),)) for i in range(4)]
for t in threads: t.start()
for t in threads: t.join()
`)

const MAPPED = python(`
import mmap, os
f = os.open('m', os.O_CREAT | os.O_RDWR)
os.ftruncate(f, 10000)
m = mmap.mmap(f, 10000)
m[5000:5005] = b'hello'
m.flush()
m[0:3] = b'end'
`)

const GIT: Command = [
  'sh',
  '-c',
  'git init -q . && echo one > one && git add . && git -c user.name=a -c user.email=a@b commit -qm one && git gc -q && git fsck',
]

const PROGRAMS: [string, Command][] = [
  ['Node, by all that it can do to files', NODE_FILES],
  ['SQLite with a rollback journal', SQLITE('DELETE')],
  ['SQLite with a WAL, whose index is mapped', SQLITE('WAL')],
  ['SQLite that maps its database', SQLITE('WAL', "c.execute('pragma mmap_size=10000000')")],
  ['names that are no UTF-8', ODD_NAMES],
  ['threads', THREADS],
  ['a mapped file', MAPPED],
  ['git', GIT],
]

for (const [name, command] of PROGRAMS) {
  testPassthrough(
    `the operations of ${name} make its directory again, byte for byte${NEEDS}`,
    async (ctx) => {
      if (command === GIT && !hasCommand('git')) ctx.skip('git is not installed')
      const served = await passthrough()
      const seen = await run(served, command)
      expect(seen).toMatchObject({ code: 0, struck: null, overflow: false })
      expect(seen.operations.length).toBeGreaterThan(3)
      expectRebuilt(served, seen)
    },
  )
}

/** What strace(1) counts of calls that succeeded, each with what it is called here. */
const CALLS = {
  write: /^(write|pwrite64|writev|pwritev2?)\(\d+<MOUNT.* = [1-9]/,
  fsync: /^f(data)?sync\(\d+<MOUNT.* = 0/,
  rename: /^rename(at2?)?\(.* = 0/,
  unlink: /^unlink(at)?\((?!.*AT_REMOVEDIR).* = 0/,
  rmdir: /^(rmdir\(|unlinkat\(.*AT_REMOVEDIR).* = 0/,
  mkdir: /^mkdir(at)?\(.* = 0/,
  truncate: /^f?truncate\(.* = 0/,
  link: /^link(at)?\(.* = 0/,
  symlink: /^symlink(at)?\(.* = 0/,
} as const

function countedByStrace(folder: string, mountPoint: string): Record<string, number> {
  // A file a thread: no line is torn by another thread's.
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'latin1').split('\n'),
  )
  return Object.fromEntries(
    Object.entries(CALLS).map(([kind, { source }]) => {
      const pattern = new RegExp(source.replace('MOUNT', mountPoint))
      return [kind, lines.filter((line) => pattern.test(line)).length]
    }),
  )
}

const countOf = (operations: Operation[], kind: string): number =>
  operations.filter(
    (each) =>
      (each.kind === 'fsyncdir' ? 'fsync' : each.kind) === kind && each.done && !each.cached,
  ).length

for (const [name, command] of PROGRAMS.filter(([each]) => !/names|mapped|git/.test(each))) {
  testPassthrough(`strace counts the same operations of ${name}${NEEDS}`, async (ctx) => {
    if (!hasCommand('strace')) ctx.skip('strace is not installed')
    const served = await passthrough()
    const folder = scratch()
    const traced = ['strace', '-ff', '-y', '-qq', '-s', '0', '-o', join(folder, 'trace')] as const
    const seen = await run(served, [...traced, ...command])
    expect(seen.code).toBe(0)
    const here = Object.keys(CALLS).map((kind) => [kind, countOf(seen.operations, kind)])
    expect(Object.fromEntries(here)).toEqual(countedByStrace(folder, served.mountPoint))
  })
}
