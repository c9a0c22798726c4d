import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { findOrphans } from '../owned/orphans.ts'
import { ownerFileOf, removeOwnedFolder } from '../owned/owned-folder.ts'
import { allEntries } from '../owned/registry.ts'
import { isAlive, ownerWithPid } from '../process/owner.ts'
import { scriptPath } from '../process/script.ts'
import { statOf } from '../process/stat.ts'
import { loopDevicesOf, noteAttachment } from './attachment.ts'
import {
  goneFoldersOnLoopDevices,
  removeLeftover,
  surveyFolders,
  surveyState,
} from './leftovers.ts'
import { loopDevices, mountsAt } from './mounts.ts'
import { mountsElsewhere } from './other-namespaces.ts'
import { openStateDirectory } from './state-directory.ts'
import { startChild } from './testing/child.ts'
import { expectNothingLeft, NEEDS, scratch, sh, testVolumes } from './testing/scene.ts'
import { imageOf, makeVolumeFolder } from './volume-folder.ts'

const MIB = 1024 * 1024

const MAKE = `
  const volume = await createVolume({ ...options, fileSystem: 'ext4' })
  say(volume.mountPoint)
  await wait()`

/** A process with a volume, started through a command. */
async function living(stateDirectory: string, prefix: string[] = []) {
  const { child, says } = startChild(MAKE, { stateDirectory }, prefix)
  const folder = dirname(String(await says()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await child
  }
  return { folder, kill }
}

/** The folder of a volume whose process was killed. */
async function left(stateDirectory: string): Promise<string> {
  const { folder, kill } = await living(stateDirectory)
  await kill()
  return folder
}

async function expectCleaned(stateDirectory: string, why: RegExp): Promise<void> {
  const { leftovers, foreign } = surveyState(stateDirectory)
  expect(foreign).toEqual([])
  expect(leftovers).toMatchObject([{ why: expect.stringMatching(why) }])
  for (const leftover of leftovers) await removeLeftover(leftover)
  expectNothingLeft(stateDirectory)
}

const PID_NAMESPACE = ['unshare', '--pid', '--fork', '--kill-child']

describe('a volume that was made in another PID namespace', () => {
  testVolumes.each([[['--mount-proc']], [[]]])(
    `is left alone while its process lives, and removed after (%j)${NEEDS}`,
    async (flags) => {
      const stateDirectory = scratch()
      // A mount of /proc would take the volume's mount into a namespace with it.
      const propagation = flags.length > 0 ? ['--propagation', 'unchanged'] : []
      const prefix = [...PID_NAMESPACE, ...flags, ...propagation]
      const { folder, kill } = await living(stateDirectory, prefix)
      expect(surveyState(stateDirectory)).toEqual({ leftovers: [], foreign: [] })
      await expect(removeLeftover({ directory: folder })).rejects.toThrow(
        /process that made it lives/,
      )
      expect(existsSync(imageOf(folder))).toBe(true)
      await kill()
      await expectCleaned(stateDirectory, /process 1 made it and is dead/)
    },
  )

  testVolumes(`is judged by its sign of life where its process can’t be seen${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { folder, kill } = await living(stateDirectory)
    const survey = `
      const { surveyState } = await import(${JSON.stringify(scriptPath('harness/volume/leftovers.js'))})
      const { leftovers, foreign } = surveyState(options.stateDirectory)
      say({ leftovers: leftovers.map(({ why }) => why), foreign })`
    const look = async () =>
      await startChild(survey, { stateDirectory }, [...PID_NAMESPACE, '--mount-proc']).says()
    expect(await look()).toEqual({ leftovers: [], foreign: [] })
    unlinkSync(join(folder, 'alive'))
    expect(await look()).toMatchObject({
      foreign: [{ reason: expect.stringMatching(/whether that lives can't be seen from here/) }],
    })
    await kill()
    await expectCleaned(stateDirectory, /is dead/)

    await left(stateDirectory)
    expect(await look()).toEqual({
      leftovers: [expect.stringMatching(/of another PID namespace is dead/)],
      foreign: [],
    })
    await expectCleaned(stateDirectory, /is dead/)
  })
})

const SPOILT: [string, (path: string) => void][] = [
  ['missing', (path) => unlinkSync(path)],
  ['empty', (path) => truncateSync(path)],
  ['half written', (path) => truncateSync(path, 20)],
]

describe('a mounted volume whose owner.json', () => {
  testVolumes.each(SPOILT)(
    `is %s is removed when its process is dead${NEEDS}`,
    async (_, spoil) => {
      const stateDirectory = scratch()
      const folder = await left(stateDirectory)
      spoil(ownerFileOf(folder))
      await expectCleaned(stateDirectory, /process \d+ made it and is dead/)
    },
  )

  testVolumes.each(SPOILT)(
    `is %s, and of which nothing is written down, is removed when its process is dead${NEEDS}`,
    async (_, spoil) => {
      const stateDirectory = scratch()
      const folder = await left(stateDirectory)
      spoil(ownerFileOf(folder))
      vi.stubEnv('PULLPLUG_STATE', scratch())
      onTestFinished(() => void vi.unstubAllEnvs())
      await expectCleaned(stateDirectory, /does not say who made it, and its maker is dead/)
    },
  )

  testVolumes.each(SPOILT)(
    `is %s is left alone while its process lives${NEEDS}`,
    async (_, spoil) => {
      const stateDirectory = scratch()
      const { folder } = await living(stateDirectory)
      spoil(ownerFileOf(folder))
      expect(surveyState(stateDirectory)).toEqual({ leftovers: [], foreign: [] })
      vi.stubEnv('PULLPLUG_STATE', scratch())
      onTestFinished(() => void vi.unstubAllEnvs())
      expect(surveyState(stateDirectory)).toEqual({ leftovers: [], foreign: [] })
      unlinkSync(join(folder, 'alive'))
      expect(surveyState(stateDirectory)).toEqual({
        leftovers: [],
        foreign: [
          { directory: folder, reason: expect.stringMatching(/\/dev\/loop\d+ is mounted in it/) },
        ],
      })
    },
  )
})

describe('a volume of a killed process', () => {
  testVolumes(`is found wherever it is by what is written down${NEEDS}`, async () => {
    const folder = await left(scratch())
    const paths = allEntries().map(({ path }) => path)
    expect(paths).toContain(folder)
    const { leftovers } = surveyFolders(paths)
    expect(leftovers.map(({ directory }) => directory)).toContain(folder)
    await removeLeftover({ directory: folder })
    expectNothingLeft(dirname(folder))
    expect(allEntries().map(({ path }) => path)).not.toContain(folder)
  })

  testVolumes(
    `is found when its folder is gone and only a loop device stands${NEEDS}`,
    async () => {
      const stateDirectory = scratch()
      const folder = await left(stateDirectory)
      sh('umount', '--lazy', join(folder, 'mnt'))
      const device = sh('losetup', '--find', '--show', imageOf(folder)).trim()
      rmSync(folder, { recursive: true })
      const { leftovers } = surveyFolders([folder])
      expect(leftovers).toMatchObject([{ directory: folder, loopDevices: [device] }])
      await removeLeftover({ directory: folder })
      expectNothingLeft(stateDirectory)
      expect(surveyFolders([folder])).toEqual({ leftovers: [], foreign: [] })
    },
  )

  testVolumes(`is removed from the mount namespaces that have a copy of it${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const { folder, kill } = await living(stateDirectory)
    const other = spawn('unshare', ['--mount', 'sh', '-c', 'echo; exec sleep 600'])
    onTestFinished(() => void other.kill('SIGKILL'))
    await once(other.stdout, 'data')
    await kill()
    expect(mountsElsewhere(folder)).toHaveLength(1)
    await expectCleaned(stateDirectory, /is dead/)
    expect(mountsElsewhere(folder)).toEqual([])
  })

  testVolumes(`that only another mount namespace has is removed${NEEDS}`, async () => {
    const stateDirectory = scratch()
    const shell = [
      'unshare',
      '--mount',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      '"$@" & wait; exec sleep 600',
      'sh',
    ]
    const { child, says } = startChild(`say(process.pid); ${MAKE}`, { stateDirectory }, shell)
    const pid = Number(await says())
    const folder = dirname(String(await says()))
    expect(mountsAt(join(folder, 'mnt'))).toEqual([])
    process.kill(pid, 'SIGKILL')
    // Between taking its signal and exiting it looks alive again, for an instant.
    await vi.waitUntil(() => ['Z', undefined].includes(statOf(pid)?.state))
    expect(mountsElsewhere(folder)).toHaveLength(1)
    await expectCleaned(stateDirectory, /is dead/)
    child.kill('SIGKILL')
  })
})

testVolumes(
  `a device of a killed process whose mount namespace went with it is found and detached${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const make = `
      const device = await Device.create({ ...options, fileSystem: 'ext4', sizeBytes: 8 * 1024 * 1024, inOrder: true })
      say(device.loopDevice)
      await wait()`
    const { child, says } = startChild(make, { stateDirectory }, ['unshare', '--mount'])
    const loopDevice = String(await says())
    onTestFinished(() => void spawnSync('losetup', ['-d', loopDevice]))
    child.kill('SIGKILL')
    await child
    expect(loopDevices()).toContainEqual({ device: loopDevice, file: '/' })
    const { leftovers } = surveyState(stateDirectory)
    expect(leftovers).toMatchObject([{ loopDevices: [loopDevice] }])
    await expectCleaned(stateDirectory, /is dead/)
    expect(loopDevices().map(({ device }) => device)).not.toContain(loopDevice)
  },
)

testVolumes(
  `a loop device that somebody else has attached since is not taken for ours${NEEDS}`,
  async () => {
    const folder = makeVolumeFolder(scratch(), 'ext4', MIB)
    const theirs = join(scratch(), 'theirs')
    writeFileSync(theirs, '')
    truncateSync(theirs, MIB)
    const detachedOfOurs = async (): Promise<string> => {
      const loopDevice = sh('losetup', '--find', '--show', imageOf(folder)).trim()
      noteAttachment(folder, loopDevice)
      expect(loopDevicesOf(folder)).toEqual([loopDevice])
      sh('losetup', '-d', loopDevice)
      await vi.waitUntil(() => loopDevicesOf(folder).length === 0)
      return loopDevice
    }
    // Another test may be the somebody else.
    await vi.waitFor(
      async () => {
        const loopDevice = await detachedOfOurs()
        sh('losetup', loopDevice, theirs)
        onTestFinished(() => void spawnSync('losetup', ['-d', loopDevice]))
      },
      { timeout: 20_000 },
    )
    expect(loopDevicesOf(folder)).toEqual([])
    removeOwnedFolder(folder)
  },
)

testVolumes(
  `a loop device of ours whose folder is gone is found by its image’s path${NEEDS}`,
  async () => {
    vi.stubEnv('TMPDIR', scratch())
    vi.stubEnv('PULLPLUG_STATE', scratch())
    onTestFinished(() => void vi.unstubAllEnvs())
    const folder = makeVolumeFolder(openStateDirectory(undefined), 'ext4', MIB)
    sh('losetup', '--find', imageOf(folder))
    rmSync(folder, { recursive: true })
    vi.stubEnv('PULLPLUG_STATE', scratch())
    expect(goneFoldersOnLoopDevices()).toContain(folder)
    const { leftovers } = surveyFolders([folder])
    expect(leftovers).toMatchObject([{ why: 'it is gone, and nobody uses its device' }])
    await removeLeftover({ directory: folder })
    expect(goneFoldersOnLoopDevices()).not.toContain(folder)
  },
)

const onLinux = test.skipIf(process.platform !== 'linux')

/** A process that a killed one had started for its own work. */
async function orphan() {
  const code = `
    const { spawn } = await import('node:child_process')
    const { CHILD_ENVIRONMENT } = await import(${JSON.stringify(scriptPath('harness/process/environment.js'))})
    say(spawn('sleep', ['600'], { env: CHILD_ENVIRONMENT, detached: true, stdio: 'ignore' }).pid)
    await wait()`
  const { child, says } = startChild(code, {})
  const pid = Number(await says())
  onTestFinished(() => {
    if (isAlive(ownerWithPid(pid))) process.kill(pid, 'SIGKILL')
  })
  const isFound = (): boolean => findOrphans().some((each) => each.pid === pid)
  return { child, pid, isFound }
}

onLinux(
  'a process is an orphan when the one that started it for its work is dead, and not before',
  async () => {
    const { child, pid, isFound } = await orphan()
    expect(isFound()).toBe(false)
    child.kill('SIGKILL')
    await child
    expect(findOrphans()).toContainEqual({ pid, name: 'sleep', owner: expect.anything() })
  },
)

testVolumes(
  `what works on a volume without its owner ends before the volume does${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const code = `
    const volume = await createVolume({ ...options, fileSystem: 'ext4' })
    const { spawn } = await import('node:child_process')
    const { CHILD_ENVIRONMENT } = await import(${JSON.stringify(scriptPath('harness/process/environment.js'))})
    const options2 = { cwd: volume.mountPoint, env: CHILD_ENVIRONMENT, detached: true, stdio: 'ignore' }
    say(spawn('sleep', ['600'], options2).pid)
    await wait()`
    const { child, says } = startChild(code, { stateDirectory })
    const owner = ownerWithPid(Number(await says()))
    child.kill('SIGKILL')
    await child
    expect(isAlive(owner)).toBe(true)
    await expectCleaned(stateDirectory, /is dead/)
    expect(isAlive(owner)).toBe(false)
  },
)

onLinux('a variable that only looks like an owner’s mark makes nobody an orphan', async () => {
  const child = spawn('sleep', ['600'], { env: { PULLPLUG_OWNER: 'x/y', PATH: process.env.PATH } })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'spawn')
  expect(findOrphans().map(({ pid }) => pid)).not.toContain(child.pid)
})
