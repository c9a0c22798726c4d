import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { isAlive, ownerWithPid } from '../process/owner.ts'
import { mountsWithin } from './mounts.ts'
import { startChild } from './testing/child.ts'
import { expectNothingLeft, NEEDS, pathWith, scratch, sh, testVolumes } from './testing/scene.ts'

const MAKE = `
  const volume = await createVolume({ ...options, fileSystem: 'ext4' })
  say(volume.mountPoint)`

// Whole from the moment it is there.
const SAY_PID = 'echo $$ > "$0.new"; mv "$0.new" "$0.pid"'

describe('nothing is left of a volume whose process', () => {
  testVolumes.each([
    ['comes to its end', '', 0],
    ['exits', 'process.exit(7)', 7],
    ['throws', 'throw new Error("meant")', 1],
    ['rejects a promise that nobody waits for', 'Promise.reject(new Error("meant")); wait()', 1],
  ])(`%s${NEEDS}`, async (_, code, exitCode) => {
    const stateDirectory = scratch()
    const { child, says } = startChild(`${MAKE}; ${code}`, { stateDirectory })
    expect(await says()).toContain(stateDirectory)
    expect(await child).toMatchObject({ exitCode })
    expectNothingLeft(stateDirectory)
  })

  // While execa has a child, it listens to every signal too, by signal-exit.
  const EXECA = `
    const { execa } = await import(options.execa)
    execa('sleep', ['600'])
    say(process.listenerCount('SIGTERM'))`

  testVolumes.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    `is ended by %s, which it shows${NEEDS}`,
    async (signal) => {
      const stateDirectory = scratch()
      const { child, says } = startChild(`${MAKE}; await wait()`, { stateDirectory })
      const mountPoint = String(await says())
      expect(mountsWithin(mountPoint)).toHaveLength(1)
      child.kill(signal)
      expect(await child).toMatchObject({ signal, stderr: '' })
      expectNothingLeft(stateDirectory)
    },
  )

  testVolumes(`is ended by SIGTERM while execa has a child${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const options = { stateDirectory, execa: import.meta.resolve('execa') }
    const { child, says } = startChild(`${MAKE}; ${EXECA}; await wait()`, options)
    await says()
    expect(await says()).toBe(2)
    child.kill('SIGTERM')
    expect(await child).toMatchObject({ signal: 'SIGTERM', stderr: '' })
    expectNothingLeft(stateDirectory)
  })

  testVolumes(`exits while a child of its child is busy there${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const busy = `
      const { spawn } = await import('node:child_process')
      const script = 'sleep 600 & echo $!; wait'
      const child = spawn('sh', ['-c', script], { cwd: volume.mountPoint })
      child.stdout.once('data', (pid) => { say(Number(pid)); setTimeout(() => process.exit(), 50) })
      await wait()`
    const { child, says } = startChild(`${MAKE}; ${busy}`, { stateDirectory })
    await says()
    const owner = ownerWithPid(Number(await says()))
    expect(await child).toMatchObject({ exitCode: 0, stderr: '' })
    expect(isAlive(owner)).toBe(false)
    expectNothingLeft(stateDirectory)
  })

  testVolumes.each([
    ['mkfs', { 'mkfs.ext4': `${SAY_PID}; exec sleep 600` }],
    ['mount', { mount: `/bin/mount "$@"; ${SAY_PID}; exec sleep 600` }],
    ['a mount that has not begun', { mount: `${SAY_PID}; sleep 1; exec /bin/mount "$@"` }],
  ])(`exits while %s is at work${NEEDS}`, async (_, scripts) => {
    const stateDirectory = scratch()
    const path = pathWith(scripts as Record<string, string>)
    const pidFile = join(path.split(':')[0] ?? '', `${Object.keys(scripts)[0]}.pid`)
    const code = `
      createVolume({ ...options, fileSystem: 'ext4' })
      await appearance(${JSON.stringify(pidFile)})
      process.exit()`
    const { child } = startChild(code, { stateDirectory, path })
    expect(await child).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(pidFile)).toBe(true)
    expect(isAlive(ownerWithPid(Number(readFileSync(pidFile, 'utf8'))))).toBe(false)
    expectNothingLeft(stateDirectory)
  })
})

testVolumes(`a volume is watched over from its first moment${NEEDS}`, async () => {
  const stateDirectory = scratch()
  // A signal to oneself is there before the call returns; making the folder is where it is sent.
  const code = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const { mkdirSync } = fs
    fs.mkdirSync = (...args) => {
      const made = mkdirSync(...args)
      if (args[0].includes('/.new-')) process.kill(process.pid, 'SIGTERM')
      return made
    }
    syncBuiltinESMExports()
    await createVolume({ ...options, fileSystem: 'ext4' })`
  const { child } = startChild(code, { stateDirectory })
  expect(await child).toMatchObject({ signal: 'SIGTERM', stderr: '' })
  expectNothingLeft(stateDirectory)
})

testVolumes(`whoever listens to a signal decides what it means${NEEDS}`, async () => {
  const stateDirectory = scratch()
  const listen = `
    process.on('SIGTERM', () => {
      say('heard')
      process.once('SIGTERM', () => process.exit(9))
    })
    await wait()`
  const { child, says } = startChild(`${MAKE}; ${listen}`, { stateDirectory })
  const mountPoint = String(await says())
  child.kill('SIGTERM')
  expect(await says()).toBe('heard')
  expect(mountsWithin(mountPoint)).toHaveLength(1)
  child.kill('SIGTERM')
  expect(await child).toMatchObject({ exitCode: 9, stderr: '' })
  expectNothingLeft(stateDirectory)
})

testVolumes(`a Ctrl-C that is not heeded does not reach mkfs${NEEDS}`, async () => {
  const stateDirectory = scratch()
  const path = pathWith({ 'mkfs.ext4': `${SAY_PID}; sleep 0.5; exec /sbin/mkfs.ext4 "$@"` })
  const pidFile = join(path.split(':')[0] ?? '', 'mkfs.ext4.pid')
  const code = `
    process.on('SIGINT', () => say('heard'))
    const creation = createVolume({ ...options, fileSystem: 'ext4' })
    await appearance(${JSON.stringify(pidFile)})
    process.kill(0, 'SIGINT')
    const volume = await creation
    await volume.remove()`
  const { child, says } = startChild(code, { stateDirectory, path }, ['setsid'])
  expect(await says()).toBe('heard')
  expect(await child).toMatchObject({ exitCode: 0, stderr: '' })
  expectNothingLeft(stateDirectory)
})

testVolumes(`a process without volumes listens to nothing${NEEDS}`, async () => {
  const full = scratch()
  sh('mount', '-t', 'tmpfs', '-o', 'mode=700,nr_inodes=1', 'none', full)
  const count = `say(['exit', ...options.signals].map((name) => process.listenerCount(name)))`
  const fail = `
    const full = { ...options, fileSystem: 'ext4', stateDirectory: options.full }
    await createVolume(full).catch(({ code }) => say(code))`
  const code = `${count}; ${MAKE}; ${count}; await volume.remove(); ${count}; ${fail}; ${count}`
  const signals = Object.keys(constants.signals)
  const { says } = startChild(code, { stateDirectory: scratch(), full, signals })
  const before = await says()
  await says()
  expect(await says()).not.toEqual(before)
  expect(await says()).toEqual(before)
  expect(await says()).toBe('BROKEN')
  expect(await says()).toEqual(before)
})
