import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { statesOf } from '../crash-states/states.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { killSync } from '../process/kill-sync.ts'
import { isWithin, mountsSeenBy } from '../volume/mounts.ts'
import { scratch } from '../volume/testing/scene.ts'
import { cutPower } from './campaign.ts'
import { Checker } from './checker.ts'
import { diskSubjectHost } from './disk-subject-host.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'

/** Runs a shell script until the test's end, and everything that it started. */
function beside(script: string): void {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void process.kill(-(child.pid as number), 'SIGKILL'))
}

/** Makes one mount namespace after another, as containers and units do that start. */
const NAMESPACES = 'while :; do unshare --mount sleep 0.15; done'

/** Binds whatever of ours can be seen mounted, for a moment. */
const binds = (stateDirectory: string, target: string): string => `
  while :; do
    for at in $(grep -o '${stateDirectory}/[^ ]*/mnt' /proc/self/mountinfo); do
      mount --bind $at ${target} && sleep 0.1 && umount ${target}
    done
    sleep 0.02
  done`

/** Enters each namespace that a thread of this process has made, and takes a copy of it for a moment. */
const COPIES = `
  while :; do
    for task in /proc/${process.pid}/task/*; do
      [ "$(readlink $task/ns/mnt)" = "$(readlink /proc/self/ns/mnt)" ] && continue
      nsenter --mount=$task/ns/mnt unshare --mount sleep 0.05
    done
    sleep 0.02
  done`

/** The thread of this process that has something mounted below a directory, and the device of that. */
function mountedBelow(directory: string): { thread: string; loopDevice: string } {
  for (const task of readdirSync('/proc/self/task')) {
    const thread = `/proc/${process.pid}/task/${task}`
    const mount = mountsSeenBy(thread).find(
      ({ mountPoint, source }) => isWithin(directory, mountPoint) && source.startsWith('/dev/loop'),
    )
    if (mount !== undefined) return { thread, loopDevice: mount.source }
  }
  throw new Error('nothing is mounted there')
}

/** Has a process take a copy of a thread's mounts, which it keeps until the test's end; returns when it has. */
function holdForGood(thread: string): void {
  const pidFile = join(scratch(), 'pid')
  const hold = `echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 600`
  const script = `
    nsenter --mount=${thread}/ns/mnt unshare --mount sh -c '${hold}' &
    while [ ! -e ${pidFile} ]; do sleep 0.01; done`
  execFileSync('sh', ['-c', script], { stdio: 'ignore' })
  const pid = Number(readFileSync(pidFile, 'utf8'))
  onTestFinished(() => killSync([pid]))
}

testPowerCuts.each([
  ['ext4', 80, 'makes mount namespaces', () => NAMESPACES],
  ['xfs', 30, 'makes mount namespaces', () => NAMESPACES],
  ['ext4', 60, 'binds what can be seen', binds],
  ['ext4', 40, 'enters our namespaces and copies them', () => COPIES],
] as const)(
  `the log on %s keeps its promises in %i states beside somebody who %s, and all can be judged${NEEDS}`,
  async (fileSystem, states, _, script) => {
    const stateDirectory = scratch()
    beside(script(stateDirectory, scratch()))
    const rig = await rigFor({ fileSystem, stateDirectory })
    const options = { subject: 'wal', seed: 11, tearBytes: 512, extent: { states } }
    const campaign = await cutPower(rig, options)
    expect(campaign.problems).toEqual([])
    expect(campaign).toMatchObject({ tried: states, failed: 0, unconfirmed: 0, unjudged: 0 })
  },
)

testPowerCuts(
  `a state after one that somebody does not let go of is judged on another device${NEEDS}`,
  async () => {
    const stateDirectory = scratch()
    const rig = await rigFor({ fileSystem: 'ext4', lanes: 0, stateDirectory })
    const recording = await rig.record('wal', planPowerCut(1, 1))
    const sizeBytes = recording.template.length
    const checker = await Checker.create({
      fileSystem: 'ext4',
      sizeBytes,
      stateDirectory,
      host: diskSubjectHost(HOME),
    })
    onTestFinished(() => checker.remove())
    // The last states of a recording hold the most, which the first of its states must not be taken for.
    const states = statesOf(recording, 1)
      .distinct.sort((a, b) => b.epoch.endPosition - a.epoch.endPosition)
      .filter((_, index, all) => index === 0 || index > all.length - 4)
    const loopDevices = new Set<string>()
    const onMounted = (): void => {
      const { thread, loopDevice } = mountedBelow(stateDirectory)
      loopDevices.add(loopDevice)
      if (loopDevices.size === 1) holdForGood(thread)
    }
    for (const state of states) {
      const result = await checker.check(recording, { state, inFull: true, onMounted })
      expect(result).toMatchObject({ failures: [], notJudged: null })
    }
    expect(loopDevices.size).toBe(2)
  },
)
