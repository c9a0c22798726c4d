import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { volumeCapabilities } from '../capabilities.ts'
import { mountsWithin } from '../mounts.ts'
import { PLACE } from '../volume-folder.ts'

const lacking = (await volumeCapabilities()).filter(({ available }) => !available)

/** For tests of real volumes; what is missing for them stands in `NEEDS`, for their titles. */
export const testVolumes = test.skipIf(lacking.length > 0)
export const NEEDS =
  lacking.length > 0
    ? ` (needs ${[...new Set(lacking.flatMap(({ missing }) => missing))].join('; and ')})`
    : ''

/** Runs a command as its author meant it; throws when it fails. */
export function sh(file: string, ...args: string[]): string {
  return execFileSync(file, args, { env: CHILD_ENVIRONMENT, encoding: 'utf8' })
}

/** What losetup knows of loop devices on files below a directory. */
function devicesBelow(directory: string): { device: string; file: string }[] {
  return sh('losetup', '--list', '--noheadings', '--raw', '--output', 'NAME,BACK-FILE')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([device = '', file = '']) => ({ device, file }))
    .filter(({ file }) => file.startsWith(`${directory}/`))
}

function undoAllBelow(root: string): void {
  // A file that is mounted over gives its device no path any more once that mount is gone.
  const devices = devicesBelow(root)
  for (const { mountPoint } of mountsWithin(root).reverse()) {
    spawnSync('umount', ['-l', mountPoint], { env: CHILD_ENVIRONMENT })
  }
  for (const { device } of devices) {
    spawnSync('losetup', ['-d', device], { env: CHILD_ENVIRONMENT })
  }
}

/** A folder of its own for a test; what a failed test leaves mounted there is undone. */
export function scratch(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pullplug-volume-test-')))
  onTestFinished(() => {
    if (process.platform === 'linux') undoAllBelow(root)
    rmSync(root, { recursive: true, force: true })
  })
  return root
}

/** Expects that nothing is left of volumes in a state directory: no folder, no mount, no loop device. */
export function expectNothingLeft(stateDirectory: string): void {
  expect({
    names: readdirSync(stateDirectory).filter((name) => name !== PLACE),
    mounts: mountsWithin(stateDirectory).map(({ mountPoint }) => mountPoint),
    devices: devicesBelow(stateDirectory),
  }).toEqual({ names: [], mounts: [], devices: [] })
}

/** A search path on which some commands are shell scripts, by name; the others are the real ones. */
export function pathWith(scripts: Record<string, string>): string {
  const directory = scratch()
  mkdirSync(join(directory, 'bin'))
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(directory, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  return `${join(directory, 'bin')}:${CHILD_ENVIRONMENT.PATH}`
}
