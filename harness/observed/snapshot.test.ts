import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { Snapshot } from './snapshot.ts'

test('a directory is made again as it stood, whatever became of it since', async () => {
  const root = temporaryDirectory()
  const directory = join(root, 'one')
  mkdirSync(join(directory, 'sub', 'empty'), { recursive: true })
  writeFileSync(join(directory, 'log'), Buffer.from([0, 255, 10]))
  writeFileSync(join(directory, 'sub', 'read-only'), 'x')
  linkSync(join(directory, 'log'), join(directory, 'sub', 'same'))
  symlinkSync('log', join(directory, 'link'))
  execFileSync('mkfifo', [join(directory, 'pipe')])
  chmodSync(join(directory, 'sub', 'read-only'), 0o400)
  chmodSync(join(directory, 'sub'), 0o500)

  const snapshot = Snapshot.take(directory)
  chmodSync(join(directory, 'sub'), 0o700)
  rmSync(directory, { recursive: true })
  const copy = join(root, 'copy')
  await snapshot.restore(copy)

  const names = readdirSync(copy, { recursive: true }).map(String).sort()
  expect(names).toEqual(
    ['link', 'log', 'pipe', 'sub', 'sub/empty', 'sub/read-only', 'sub/same'].sort(),
  )
  expect(readFileSync(join(copy, 'log'))).toEqual(Buffer.from([0, 255, 10]))
  expect(lstatSync(join(copy, 'sub', 'same')).ino).toBe(lstatSync(join(copy, 'log')).ino)
  expect(lstatSync(join(copy, 'link')).isSymbolicLink()).toBe(true)
  expect(lstatSync(join(copy, 'pipe')).isFIFO()).toBe(true)
  expect(lstatSync(join(copy, 'sub')).mode & 0o777).toBe(0o500)
  expect(lstatSync(join(copy, 'sub', 'read-only')).mode & 0o777).toBe(0o400)
  chmodSync(join(copy, 'sub'), 0o700)
})

test('what can not be kept is told by whoever asks for it, and by nobody else', async () => {
  const root = temporaryDirectory()
  const large = join(root, 'large')
  mkdirSync(large)
  const file = openSync(join(large, 'log'), 'w')
  ftruncateSync(file, 100 * 1024 * 1024)
  closeSync(file)
  const tooMuch = Snapshot.take(large)
  await expect(tooMuch.restore(join(root, 'copy'))).rejects.toThrow(
    new CannotJudge('what the faults left could not be kept: there are more than 64 MiB'),
  )
  const missing = Snapshot.take(join(root, 'nowhere'))
  await expect(missing.restore(join(root, 'copy'))).rejects.toThrow(
    /^what the faults left could not be kept: ENOENT/,
  )
})

test('a socket is made again, at which nobody listens', async () => {
  const root = temporaryDirectory()
  const directory = join(root, 'one')
  mkdirSync(directory)
  const server = createServer().listen(join(directory, 'socket'))
  await once(server, 'listening')
  const snapshot = Snapshot.take(directory)
  server.close()
  const copy = join(root, 'copy')
  await snapshot.restore(copy)
  expect(lstatSync(join(copy, 'socket')).isSocket()).toBe(true)
  const client = connect(join(copy, 'socket'))
  await expect(once(client, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
