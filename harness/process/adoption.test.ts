import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { Adoption } from './adoption.ts'
import { statOf } from './stat.ts'

test('who is orphaned is killed, and a child of this process is not', async () => {
  const adoption = await Adoption.begin()
  onTestFinished(() => adoption.end())
  const child = spawn('sleep', ['600'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const parent = spawn('sh', ['-c', 'env -i setsid sleep 600 >&- 2>&- <&- & echo $!'])
  const [pid] = await once(parent.stdout, 'data')
  await once(parent, 'close')
  const orphan = Number(String(pid))
  expect(statOf(orphan)?.parentPid).toBe(process.pid)
  expect(adoption.killAdopted()).toBe(1)
  expect(statOf(orphan)).toBeNull()
  expect(statOf(child.pid as number)?.state).toBe('S')
  expect(adoption.killAdopted()).toBe(0)
})
