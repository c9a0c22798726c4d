import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Runtime, THIS_NODE } from '../process/runtime.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** What a recovery comes to when our log reads a safe point that is there. */
export type End = 'SIGBUS' | 'SIGSEGV' | 'SIGABRT' | 'SIGKILL' | 'exit' | 'hang' | 'EBADMSG'

const ACTS: Record<End, string> = {
  SIGBUS: "process.kill(process.pid, 'SIGBUS')",
  SIGSEGV: "process.kill(process.pid, 'SIGSEGV')",
  SIGABRT: 'process.abort()',
  SIGKILL: "process.kill(process.pid, 'SIGKILL')",
  exit: 'process.exit(3)',
  hang: 'for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
  EBADMSG:
    "throw Object.assign(new Error('Bad message'), { code: 'Unknown system error -74', errno: -74 })",
}

/**
 * A Node in which a recovery of our log comes to a bad end: each time, or the first `times` times. Writers and
 * victims run in it as ever.
 */
export function dyingRuntime(end: End, times = Number.POSITIVE_INFINITY): Runtime {
  const folder = temporaryDirectory()
  const preload = join(folder, 'preload.mjs')
  writeFileSync(
    preload,
    `import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const { existsSync, openSync, readdirSync, writeFileSync } = fs
    const isDue = () => readdirSync(${JSON.stringify(folder)}).length - 1 < ${JSON.stringify(times === Number.POSITIVE_INFINITY ? 1e9 : times)}
    fs.openSync = (path, ...rest) => {
      if (String(path).endsWith('telemetry.safe_seq') && existsSync(path) && isDue()) {
        writeFileSync(${JSON.stringify(folder)} + '/' + process.hrtime.bigint(), '')
        ${ACTS[end]}
      }
      return openSync(path, ...rest)
    }
    if (process.argv[2] === 'recoverer') syncBuiltinESMExports()`,
  )
  const [file] = THIS_NODE.command
  return { ...THIS_NODE, command: [file, '--import', preload] }
}
