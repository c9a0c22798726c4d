import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { meetErrors } from '../harness/io-error/campaign.ts'
import { lacksForRealErrors, meetRealErrors } from '../harness/io-error/real-errors.ts'
import { Passthrough } from '../harness/passthrough/passthrough.ts'
import { lacksForPassthrough } from '../harness/passthrough/requirements.ts'
import { CHILD_ENVIRONMENT } from '../harness/process/environment.ts'
import type { DescribedSubject } from '../harness/subject/description.ts'
import { packageRoot } from '../matrix/package-root.ts'
import { readDescription } from '../matrix/subject/read-description.ts'
import { describedLog } from '../subjects/wal/described.ts'
import type { BenchResult } from './result.ts'

const SEED = 1
const PAIRS = 20_000
/** Of 128 bytes, each synced: two operations. */
const APPENDS = `
import os, sys, time
f = os.open('file', os.O_CREAT | os.O_WRONLY | os.O_APPEND)
data = b'x' * 128
started = time.monotonic()
for i in range(${PAIRS}):
    os.write(f, data)
    os.fdatasync(f)
print((time.monotonic() - started) / ${2 * PAIRS} * 1e6)
`

/** A figure that is to reach a number, and not what something else does beside it. */
function held(what: string, perSecond: number, least: number, note: string): BenchResult {
  return {
    what,
    figure: `${perSecond.toFixed(1)} a second`,
    baseline: `at least ${least} a second`,
    ratio: perSecond / least,
    wanted: 1,
    note,
  }
}

/**
 * Does something while this process, its threads and what it starts have one CPU: where several rest, most of an
 * operation's time would be what one of them takes to wake another, which depends on the machine alone, and which no
 * campaign meets, since it keeps them all at work.
 */
async function onOneCpu<T>(act: () => Promise<T>): Promise<T> {
  const pid = String(process.pid)
  const taskset = (...args: string[]): string =>
    execFileSync('taskset', args, { encoding: 'utf8', env: CHILD_ENVIRONMENT })
  const all = taskset('--cpu-list', '--pid', pid).split(': ')[1]?.trim() as string
  taskset('--all-tasks', '--cpu-list', '--pid', all.split(/[,-]/)[0] as string, pid)
  try {
    return await act()
  } finally {
    taskset('--all-tasks', '--cpu-list', '--pid', all, pid)
  }
}

/** How long one operation takes in a directory whose operations are seen, from memory. */
async function benchOneOperation(): Promise<BenchResult> {
  const served = await Passthrough.create()
  try {
    served.begin()
    const [file, ...args] = served.commandInside(['python3', '-c', APPENDS])
    const child = spawn(file, args, {
      env: CHILD_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (data) => {
      said += data
    })
    await once(child, 'close')
    served.end()
    const micros = Number(said)
    return {
      what: 'one operation that is seen',
      figure: `${micros.toFixed(1)} µs`,
      baseline: 'at most 25 µs',
      ratio: 25 / micros,
      wanted: 1,
      note: `${PAIRS} writes of 128 bytes with their syncs, from Python on tmpfs, on one CPU`,
    }
  } finally {
    await served.remove()
  }
}

/** The whole product of errors and operations of one history of a subject whose processes are kept. */
async function productOf(subject: DescribedSubject, root: string) {
  const folder = join(root, `errors-${subject.description.name}`)
  mkdirSync(folder)
  const share = { index: 1, of: 1 }
  const startedMs = performance.now()
  // More than one history has: it begins the next one, of which no case is made.
  const { planned } = await meetErrors({
    subject,
    seed: SEED,
    root: folder,
    share,
    extent: { cases: 1 },
  })
  const aloneMs = performance.now() - startedMs
  const productMs = performance.now()
  const { results } = await meetErrors({
    subject,
    seed: SEED,
    root: join(folder, 'all'),
    share,
    extent: { cases: planned },
  })
  const ms = performance.now() - productMs
  const note = `all ${results.length} cases of a ten-change history in ${(ms / 1000).toFixed(1)} s, ${(aloneMs / 1000).toFixed(1)} s of it for what goes before the first`
  return { seconds: ms / 1000, perSecond: (results.length * 1000) / (ms - aloneMs), note }
}

async function benchProducts(root: string): Promise<BenchResult[]> {
  const ours = await productOf(describedLog('wal'), root)
  const inC = await productOf(
    readDescription(join(packageRoot, 'subjects', 'log-in-c', 'pullplug.json')),
    root,
  )
  return [
    {
      what: 'every error at every operation of our log',
      figure: `${ours.seconds.toFixed(1)} s`,
      baseline: 'at most 10 s',
      ratio: 10 / ours.seconds,
      wanted: 1,
      note: `${ours.note}; ${ours.perSecond.toFixed(1)} a second`,
    },
    held('errors at operations of a kept log in C', inC.perSecond, 150, inC.note),
  ]
}

/** Volumes that are full, and what else real things say no to. */
async function benchRealErrors(): Promise<BenchResult[]> {
  if ((await lacksForRealErrors('ext4')).length > 0) return []
  const forMs = 12_000
  let fullMs = 0
  let full = 0
  let lastMs = performance.now()
  await meetRealErrors({
    subject: describedLog('wal'),
    seed: SEED,
    fileSystem: 'ext4',
    extent: { forMs },
    onResult: ({ name }) => {
      const nowMs = performance.now()
      if (/\.free-/.test(name)) {
        full += 1
        fullMs += nowMs - lastMs
      }
      lastMs = nowMs
    },
  })
  const note = `${full} cases of our log on ext4, with what planning them took`
  return [held('cases of a full volume', (full * 1000) / fullMs, 20, note)]
}

/** Errors of a disk; nothing where they can't be given. */
export async function benchErrors(root: string): Promise<BenchResult[]> {
  if ((await lacksForPassthrough()).length > 0) return []
  return [
    await onOneCpu(benchOneOperation),
    ...(await benchProducts(root)),
    ...(await benchRealErrors()),
  ]
}
