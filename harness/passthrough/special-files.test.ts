import { expect } from 'vitest'
import { expectRebuilt, NEEDS, passthrough, python, run, testPassthrough } from './testing/scene.ts'

const PIPE_AND_SOCKET = python(`
import os, socket, stat
os.umask(0o027)
os.mkfifo('pipe', 0o666)
if os.fork() == 0:
    with open('pipe', 'w') as f: f.write('through the pipe')
    os._exit(0)
print(open('pipe').read())
os.wait()
server = socket.socket(socket.AF_UNIX)
server.bind('socket')
server.listen()
client = socket.socket(socket.AF_UNIX)
client.connect('socket')
client.send(b'through the socket')
print(server.accept()[0].recv(99).decode())
os.mknod('regular', 0o640 | stat.S_IFREG)
with os.scandir('.') as entries:
    for e in sorted(entries, key=lambda e: e.name): print(e.name, stat.filemode(e.stat().st_mode))
os.rename('pipe', 'moved')
os.unlink('socket')
try: os.mknod('device', 0o600 | stat.S_IFCHR, os.makedev(1, 3))
except PermissionError: print('no devices')
`)

testPassthrough(`a pipe and a socket are made, used, moved and removed${NEEDS}`, async () => {
  const served = await passthrough()
  const seen = await run(served, PIPE_AND_SOCKET)
  expect(seen.said.trim().split('\n')).toEqual([
    'through the pipe',
    'through the socket',
    'pipe prw-r-----',
    'regular -rw-r-----',
    'socket srwxr-x---',
    'no devices',
  ])
  expect(seen.operations.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'mkfifo pipe',
    'bind socket',
    'create regular',
    'rename pipe',
    'unlink socket',
  ])
  const [pipe, socket] = seen.operations
  expect(pipe?.file).not.toBe(0)
  expect(pipe?.file).not.toBe(socket?.file)
  expectRebuilt(served, seen)
})

const EXCHANGES = python(`
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def exchange(a, b):
    if libc.renameat2(-100, a.encode('latin1'), -100, b.encode('latin1'), 2) != 0:
        raise OSError(ctypes.get_errno(), 'exchange')
os.mkdir('folder')
open('folder/inside', 'w').write('inside')
open(b'\\xf6', 'w').write('file of other bytes')
f = os.open(b'\\xf6', os.O_WRONLY | os.O_APPEND)
exchange('folder', '\\xf6')
os.write(f, b', and more')
open(b'\\xf6/inside', 'a').write(' still')
exchange('folder', 'folder')
print(open('folder').read(), os.listdir(b'\\xf6'))
try: exchange('folder', 'missing')
except FileNotFoundError: print('nothing to exchange with')
`)

testPassthrough(`two names are exchanged${NEEDS}`, async () => {
  const served = await passthrough()
  const seen = await run(served, EXCHANGES)
  expect(seen.said).toBe("file of other bytes, and more [b'inside']\nnothing to exchange with\n")
  const exchanges = seen.operations.filter(({ kind }) => kind === 'exchange')
  expect(exchanges[0]).toMatchObject({ path: 'folder', done: true })
  expect(exchanges[0]?.replaced).toBeGreaterThan(0)
  expectRebuilt(served, seen)
})

const TIMES = python(`
import os
open('x', 'w').close()
def times(): return [os.stat('x').st_atime_ns, os.stat('x').st_mtime_ns]
os.utime('x', ns=(123456789987654321, 3_000_000_001))
print(*times())
os.utime('x')
print(min(times()) > 1_600_000_000_000_000_000)
`)

testPassthrough(`times are kept to the nanosecond${NEEDS}`, async () => {
  const { said } = await run(await passthrough(), TIMES)
  expect(said).toBe('123456789987654321 3000000001\nTrue\n')
})
