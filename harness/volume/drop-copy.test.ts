import { expect, test } from 'vitest'
import { dropCopy } from './drop-copy.ts'

/** Unmounts, or refuses as the kernel does. */
const calls = (left: readonly string[], refusal: string | null) => ({
  unmount: () => {
    if (refusal !== null) throw Object.assign(new Error(refusal), { code: refusal })
  },
  isMounted: (mountPoint: string) => left.includes(mountPoint),
})

test.each([
  ['unmounted', [], null],
  // Its folder was removed, or is about to be.
  ['gone by then', [], 'EINVAL'],
  ['gone with its folder', [], 'ENOENT'],
  ['of a server that is gone', [], 'ENOTCONN'],
])('a copy that is %s stands in nobody’s way', (_, left, refusal) => {
  expect(() => dropCopy('/mnt', calls(left, refusal))).not.toThrow()
})

test.each(['EINVAL', 'EPERM', 'EBUSY'])('one that stays is an error, such as %s', (refusal) => {
  expect(() => dropCopy('/mnt', calls(['/mnt'], refusal))).toThrow(refusal)
})
