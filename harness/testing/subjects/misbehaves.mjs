import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A log in one file that speaks the protocol and does one thing wrong, the one that it is told to. */
const [how, detail] = process.argv.slice(2)
let directory = ''
let entries = []
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`)
/** Where it keeps its entries: in its directory, or where it must not. */
function home() {
  if (how === 'keeps-in-one-place') return detail
  if (how !== 'keeps-by-path') return directory
  const place = join(detail, encodeURIComponent(directory))
  mkdirSync(place, { recursive: true })
  return place
}

/** Leaves a process behind, with the environment and pipes that it is given. Tests know it by its seconds. */
function forget({ env, stdio }) {
  spawn('/bin/sleep', [detail || '600'], {
    cwd: directory || '/',
    detached: true,
    env,
    stdio,
  }).unref()
}

if (how === 'dies-at-start') {
  process.stderr.write('no configuration\n')
  process.exit(3)
}
if (how === 'prints') process.stdout.write('listening on port 6379\n')
if (how === 'forks') forget({ env: process.env, stdio: 'ignore' })
if (how === 'forks-holding-pipes') forget({ env: {}, stdio: 'inherit' })
if (how === 'forks-unseen') forget({ env: {}, stdio: 'ignore', cwd: '/' })
if (how === 'needs-port') {
  const server = createServer()
  server.on('error', ({ message }) => {
    process.stderr.write(`${message}\n`)
    process.exit(1)
  })
  await new Promise((resolve) => server.listen(Number(detail), '127.0.0.1', resolve))
}

const save = () => {
  if (how !== 'keeps-in-memory') writeFileSync(join(home(), 'log'), JSON.stringify(entries))
}

const actions = {
  open(request) {
    directory = request.directory
    const path = join(home(), 'log')
    entries = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []
    if (how === 'forks-a-daemon') forget({ env: {}, stdio: 'ignore' })
  },
  append({ entry }) {
    entries.push(how === 'alters' && entries.length === 6 ? 'x' : entry)
    if (how === 'forgets' && entries.length === 2) return
    if (how !== 'never-writes') save()
    if (how === 'leaves-tmp') writeFileSync(join(directory, `log.${entries.length}.tmp`), '')
    if (how === 'leaves-in-tmpdir') writeFileSync(join(process.env.TMPDIR, 'scratch-file'), '')
    if (how === 'locks-out') chmodSync(join(directory, 'log'), 0o000)
    if (how === 'takes-rights') chmodSync(directory, 0o500)
    if (how === 'changes-mode') chmodSync(directory, 0o700)
  },
  read: () => ({ entries }),
  close() {
    if (how === 'removes-directory') rmSync(directory, { recursive: true })
    if (how === 'replaces-directory') {
      renameSync(directory, `${directory}.old`)
      mkdirSync(directory)
      save()
      rmSync(`${directory}.old`, { recursive: true })
    }
    if (how === 'forgets-at-close') writeFileSync(join(directory, 'log'), '[]')
  },
}

/** Whether it has answered, or never will. */
function misanswers(request) {
  if (how === 'hangs-at' && request.do === detail) return true
  if (how === 'dies-at' && request.do === detail) process.exit(7)
  if (request.do !== 'append') return false
  if (how === 'crashes') process.kill(process.pid, 'SIGSEGV')
  if (how === 'answers' || how === 'answers-unended') {
    process.stdout.write(detail.replace('ID', request.id) + (how === 'answers' ? '\n' : ''))
    return true
  }
  if (how === 'refuses') say({ id: request.id, ok: false, message: 'read-only' })
  return how === 'refuses'
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  if (misanswers(request)) continue
  const answer = { id: request.id, ok: true, ...actions[request.do](request) }
  if (how === 'wrong-read' && request.do === 'read') answer.entries = 'none'
  say(answer)
  if (how === 'twice' && request.do === 'append') say(answer)
}
if (how === 'says-goodbye') process.stdout.write('goodbye\n')
if (how === 'fails-at-end') process.exit(9)
if (how === 'crashes-at-end') process.kill(process.pid, 'SIGABRT')
if (how === 'stays' || how === 'hangs-at') setInterval(() => {}, 1000)
else process.exit()
