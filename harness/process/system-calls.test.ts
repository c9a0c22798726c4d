import { expect, test } from 'vitest'
import { loadSystemCalls } from './system-calls.ts'

const onLinux = test.skipIf(process.platform !== 'linux')

onLinux(
  'a call that fails throws the operating system’s error by its name, also from another thread',
  async () => {
    const calls = await loadSystemCalls()
    const nowhere = '/no/such/place'
    const options = ['none', nowhere, 'tmpfs', 0, ''] as const
    const refused = expect.objectContaining({ code: expect.stringMatching(/^(ENOENT|EPERM)$/) })
    expect(() => calls.mountSync(...options)).toThrow(refused)
    await expect(calls.mount(...options)).rejects.toEqual(refused)
    await expect(calls.unmount(nowhere)).rejects.toEqual(refused)
    const notOpen = 987_654
    expect(() => calls.control(notOpen, 0x1261)).toThrow(expect.objectContaining({ code: 'EBADF' }))
  },
)
