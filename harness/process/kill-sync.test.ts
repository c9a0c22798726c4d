import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { killSync } from './kill-sync.ts'
import { isAlive, ownerWithPid } from './owner.ts'

test('processes are gone when it returns, and one that is gone already is fine', () => {
  const pids = [1, 2].map(() => spawn('sh', ['-c', 'trap "" TERM; sleep 600']).pid as number)
  const owners = pids.map(ownerWithPid)
  expect(owners.map(isAlive)).toEqual([true, true])
  killSync([...pids, 2 ** 31 - 1])
  expect(owners.map(isAlive)).toEqual([false, false])
})
