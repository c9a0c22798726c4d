import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { MachineError } from '../../harness/process/machine-error.ts'
import type { Progress } from '../progress.ts'
import { SILENT } from '../testing/silent-progress.ts'
import { emulationNeeds } from './needs.ts'
import { isSetUp, setUp } from './setup.ts'
import { fakeDebian } from './testing/fake-debian.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const withKeyring = test.skipIf(!existsSync(KEYRING))

function request(arches: string[], signal = new AbortController().signal) {
  const lines: string[] = []
  const progress: Progress = { ...SILENT, line: (text) => void lines.push(String(text)) }
  return { lines, arches, progress, signal }
}

withKeyring(
  'what was set up is in the cache whole, and a second time downloads nothing',
  async () => {
    const { cache, calls } = fakeDebian({ forky: 'works', trixie: 'fails' })
    expect(emulationNeeds('riscv64')).toEqual([
      'an emulator that is not set up (run `pullplug setup --arch riscv64`)',
    ])
    const { lines, ...first } = request(['riscv64'])
    await setUp(first)
    expect(isSetUp('riscv64')).toBe(true)
    expect(emulationNeeds('riscv64')).toEqual([])
    expect(readdirSync(join(cache, 'emulators')).sort()).toEqual([
      'manifest.json',
      'qemu-aarch64',
      'qemu-riscv64',
      'qemu-s390x',
      'qemu-x86_64',
    ])
    expect(readdirSync(join(cache, 'sysroot-riscv64')).sort()).toEqual([
      'lib',
      'manifest.json',
      'usr',
    ])
    expect(readdirSync(join(cache, 'sysroot-riscv64/usr'), { recursive: true }).sort()).toEqual([
      'bin',
      'bin/node',
      'lib',
      'share',
    ])
    expect(lines[0]).toContain('Setting up riscv64')
    expect(lines).toContain(
      '  This mirror is behind: its list of packages is of Sat, 01 Jan 2022 00:00:00 UTC.',
    )
    const before = calls().length
    expect(before).toBeGreaterThan(0)
    await setUp(request(['riscv64']))
    expect(calls()).toHaveLength(before)
  },
)

withKeyring('the host gives its proxy and nothing else', async () => {
  const { cache } = fakeDebian({ forky: 'works' })
  await setUp(request(['s390x']))
  const root = dirname(dirname(cache))
  const configuration = readFileSync(join(root, 'apt.conf'), 'utf8')
  expect(configuration).toContain('Acquire::http::Proxy "http://proxy:1";')
  expect(configuration).not.toContain('Post-Invoke')
  for (const name of ['State', 'State::status', 'Cache', 'Etc', 'Log']) {
    expect(configuration).toMatch(new RegExp(`^Dir::${name} "${cache}/\\.making-`, 'm'))
  }
})

withKeyring('a suite that can not be had is told, and the next one is taken', async () => {
  fakeDebian({ forky: 'fails', trixie: 'works' })
  const { lines, ...rest } = request(['arm64'])
  await setUp(rest)
  expect(isSetUp('arm64')).toBe(true)
  expect(lines.join('\n')).toContain('could not be had from Debian’s forky: ')
})

withKeyring('where no suite can be had nothing is left, and the error has a way out', async () => {
  const { cache } = fakeDebian({ forky: 'fails', trixie: 'fails' })
  const failed = setUp(request(['arm64']))
  await expect(failed).rejects.toThrow(MachineError)
  await expect(failed).rejects.toMatchObject({ message: 'apt-get update failed: no such thing' })
  expect(readdirSync(cache)).toEqual([])
})

withKeyring('one that is stopped leaves nothing', async () => {
  const { cache } = fakeDebian({ forky: 'hangs' })
  const stop = new AbortController()
  const running = setUp(request(['arm64'], stop.signal))
  await vi.waitFor(() => expect(existsSync(join(dirname(dirname(cache)), 'hanging'))).toBe(true), {
    timeout: 20_000,
  })
  stop.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
  expect(readdirSync(cache)).toEqual([])
})
