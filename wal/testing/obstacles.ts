import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Something that is no file, put where a file is to stand. */
export interface Obstacle {
  kind: string
  put: (path: string) => Promise<void> | void
}

/** A socket's address has at most 107 bytes (unix(7)), and the path may be longer: it is named by its folder's descriptor. */
async function putSocket(path: string): Promise<void> {
  const folder = openSync(dirname(path), 'r')
  const server = createServer()
  onTestFinished(() => void server.close(() => closeSync(folder)))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(`/proc/self/fd/${folder}/${basename(path)}`, resolve)
  })
}

/** Whether a command that makes what is no file can be run here, and may make it. */
function canMake(command: string, ...args: string[]): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'pullplug-obstacle-'))
  const { status } = spawnSync(command, [join(directory, 'made'), ...args], { stdio: 'ignore' })
  rmSync(directory, { recursive: true })
  return status === 0
}

const makePipe = (path: string): void => void execFileSync('mkfifo', [path])
const device =
  (...args: string[]) =>
  (path: string): void =>
    void execFileSync('mknod', [path, ...args])

const PIPES: Obstacle[] = [
  { kind: 'a pipe', put: makePipe },
  {
    kind: 'a link to a pipe',
    put: (path) => {
      makePipe(`${path}.elsewhere`)
      symlinkSync(`${path}.elsewhere`, path)
    },
  },
]

const DEVICES: Obstacle[] = [
  { kind: 'a device', put: device('c', '1', '3') },
  { kind: 'a device without end', put: device('c', '1', '5') },
  { kind: 'a device that has no driver', put: device('b', '511', '0') },
]

/** Every kind of thing that is no file. A link may lead to a good file, or to none. */
export const OBSTACLES: Obstacle[] = [
  { kind: 'a directory', put: (path) => void mkdirSync(path) },
  { kind: 'a socket', put: putSocket },
  { kind: 'a link that leads nowhere', put: (path) => symlinkSync(`${path}.elsewhere`, path) },
  {
    kind: 'a link to a file',
    put: (path) => {
      writeFileSync(`${path}.elsewhere`, 'not ours')
      symlinkSync(`${path}.elsewhere`, path)
    },
  },
  { kind: 'a link to itself', put: (path) => symlinkSync(path, path) },
  ...(canMake('mkfifo') ? PIPES : []),
  // Only root may.
  ...(canMake('mknod', 'c', '1', '3') ? DEVICES : []),
]
