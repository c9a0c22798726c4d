import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openStateDirectory } from './state-directory.ts'
import { scratch } from './testing/scene.ts'

const uid = process.getuid?.() ?? 0

const opening = (directory: string | undefined) => () => openStateDirectory(directory)

function stubTmpdir(path: string): void {
  vi.stubEnv('TMPDIR', path)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
}

/** The default state directory's parent, in a temporary directory of the test's own. */
function ours(): string {
  const root = scratch()
  stubTmpdir(root)
  expect(tmpdir()).toBe(root)
  return join(root, `pullplug-${uid}`)
}

describe('the default state directory', () => {
  test('is made for this user alone', () => {
    const parent = ours()
    expect(openStateDirectory(undefined)).toBe(join(parent, 'volumes'))
    for (const path of [parent, join(parent, 'volumes')]) {
      expect(statSync(path).mode & 0o777).toBe(0o700)
    }
    expect(opening(undefined)).not.toThrow()
  })

  test('is refused behind a link that somebody put there', () => {
    const parent = ours()
    mkdirSync(`${parent}-elsewhere`)
    symlinkSync(`${parent}-elsewhere`, parent)
    expect(opening(undefined)).toThrow(/is not a directory/)
  })

  test('is refused in a directory that others can write to', () => {
    const parent = ours()
    mkdirSync(parent)
    chmodSync(parent, 0o777)
    expect(opening(undefined)).toThrow(/others can write to it/)
  })

  test.skipIf(uid !== 0)('is refused in somebody else’s directory (needs root)', () => {
    const parent = ours()
    mkdirSync(parent)
    chownSync(parent, 65534, 65534)
    expect(opening(undefined)).toThrow(/it belongs to user 65534/)
  })

  test('is refused when the temporary directory is not there', () => {
    stubTmpdir(join(scratch(), 'gone'))
    expect(opening(undefined)).toThrow(expect.objectContaining({ code: 'BROKEN' }))
  })
})

describe('a state directory of one’s own', () => {
  test('is made, and named by its canonical path', () => {
    const root = scratch()
    mkdirSync(join(root, 'real'))
    symlinkSync('real', join(root, 'link'))
    expect(openStateDirectory(join(root, 'link', 'a', 'b'))).toBe(join(root, 'real', 'a', 'b'))
  })

  test('is refused where a file stands', () => {
    const path = join(scratch(), 'file')
    writeFileSync(path, '')
    expect(opening(path)).toThrow(expect.objectContaining({ name: 'MachineError', code: 'BROKEN' }))
  })

  test('is refused when others can write to it', () => {
    const path = scratch()
    chmodSync(path, 0o770)
    expect(opening(path)).toThrow(/others can write to it/)
  })
})
