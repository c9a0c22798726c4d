import { expect, test } from 'vitest'
import { loadSystemCalls } from './system-calls.ts'

const onLinux = test.skipIf(process.platform !== 'linux')

onLinux('a system call that fails throws the operating system’s error by its name', async () => {
  const calls = await loadSystemCalls()
  const nowhere = '/no/such/place'
  const refused = expect.objectContaining({ code: expect.stringMatching(/^(ENOENT|EPERM)$/) })
  expect(() => calls.mount('none', nowhere, 'tmpfs', 0, '')).toThrow(refused)
  expect(() => calls.unmount(nowhere)).toThrow(refused)
  expect(() => calls.unshare(-1)).toThrow(expect.objectContaining({ code: 'EINVAL' }))
  const notOpen = 987_654
  expect(() => calls.control(notOpen, 0x1261)).toThrow(expect.objectContaining({ code: 'EBADF' }))
})
