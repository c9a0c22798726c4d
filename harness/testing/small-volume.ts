import { execFileSync } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryDirectory } from './temporary-directory.ts'

/** Whether this process can mount a tmpfs. */
export const CAN_MOUNT = process.platform === 'linux' && process.getuid?.() === 0

const PAGE_BYTES = 4096

/** A tmpfs with room for so many pages of file contents, unmounted after the test. */
export function smallVolume(pages: number): string {
  const path = temporaryDirectory()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${pages * PAGE_BYTES}`, 'tmpfs', path])
  onTestFinished(() => void execFileSync('umount', [path]))
  return path
}

/** Makes a mounted volume read-only. */
export function makeReadOnly(path: string): void {
  execFileSync('mount', ['-o', 'remount,ro', path])
}

/** Leaves no byte free on a mounted volume. */
export function fill(path: string): void {
  const file = openSync(join(path, 'filler'), 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(PAGE_BYTES))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}
