import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { CHILD_ENVIRONMENT } from './environment.ts'
import { isStopped } from './is-stopped.ts'

test.skipIf(!existsSync('/proc/self/task'))(
  'a process is stopped when all of its threads are',
  async () => {
    const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1)'], {
      env: CHILD_ENVIRONMENT,
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const pid = child.pid as number
    await once(child.stdout, 'data')
    expect(isStopped(pid)).toBe(false)
    child.kill('SIGSTOP')
    await expect.poll(() => isStopped(pid)).toBe(true)
    child.kill('SIGCONT')
    await expect.poll(() => isStopped(pid)).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(isStopped(pid)).toBe(false)
  },
)
