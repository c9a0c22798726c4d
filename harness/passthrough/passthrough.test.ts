import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { sh } from '../volume/testing/scene.ts'
import {
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

const GIT = [
  'sh',
  '-c',
  'git init -q . && echo one > one && git add . && git -c user.name=a -c user.email=a@b commit -qm one && git gc -q && git fsck',
] as const

testPassthrough.each([
  ['Node, by all that it can do to files', NODE_FILES],
  ['SQLite with a rollback journal', SQLITE('DELETE')],
  ['SQLite with a WAL, whose index is mapped', SQLITE('WAL')],
  ['SQLite that maps its database', SQLITE('WAL', "c.execute('pragma mmap_size=10000000')")],
  ['names that are no UTF-8', ODD_NAMES],
  ['threads', THREADS],
  ['a mapped file', MAPPED],
  ['git', GIT],
] as const)(
  `the operations of %s make the directory again, byte for byte${NEEDS}`,
  async (_, command, ctx?: unknown) => {
    void ctx
    if (!hasCommand(command[0])) return
    const served = await passthrough()
    const seen = await run(served, command)
    expect(seen).toMatchObject({ code: 0, struck: null, overflow: false })
    expect(seen.operations.length).toBeGreaterThan(3)
    expectRebuilt(served, seen)
  },
)
void [
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  tmpdir,
  join,
  onTestFinished,
  sh,
]
