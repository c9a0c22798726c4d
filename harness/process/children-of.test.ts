import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { childrenOf } from './children-of.ts'
import { CHILD_ENVIRONMENT } from './environment.ts'

test.skipIf(childrenOf(process.pid) === null)(
  'a process has the children that it started',
  async () => {
    const script = 'sleep 600 & echo $!; read line; kill $!; wait; echo; read line'
    const child = spawn('sh', ['-c', script], { env: CHILD_ENVIRONMENT })
    onTestFinished(() => void child.kill())
    const pid = child.pid as number
    const [sleeper] = await once(child.stdout, 'data')
    expect(childrenOf(pid)).toEqual([Number(sleeper)])
    expect(childrenOf(process.pid)).toContain(pid)
    child.stdin.write('\n')
    await once(child.stdout, 'data')
    expect(childrenOf(pid)).toEqual([])
    child.kill()
    await once(child, 'close')
    expect(childrenOf(pid)).toBeNull()
  },
)
