import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { promisedAt } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import { statesOf } from '../crash-states/states.ts'
import { moduleSubject } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { scratch } from '../volume/testing/scene.ts'
import { cutPower } from './campaign.ts'
import { lookAt, secondLooksAt } from './confirm-state.ts'
import { describedHost } from './described-host.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'

const PLAIN_LOG = join(import.meta.dirname, '..', 'testing', 'subjects', 'lines-log.mjs')

/** A log that keeps its promise, and that refuses to open unless what it kept at its first opening says that it may. */
const CAREFUL: Readonly<Record<string, string>> = {
  'keeps the path of its directory and is found at no other one': `
    const kept = keep('path', directory)
    if (kept !== directory) throw new Error('it was made as ' + kept)`,
  'keeps the path of its directory as the kernel tells it': `
    const here = realpathSync(directory)
    const kept = keep('path', here)
    if (kept !== here) throw new Error('it was made as ' + kept)`,
  'keeps the number of its process as a lock': `
    const pid = Number(keep('pid', String(process.pid)))
    if (pid !== process.pid && isAlive(pid)) throw new Error('process ' + pid + ' has it open')
    keep('pid', String(process.pid), 'anew')`,
}

const source = (opening: string): string => `
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { open as openPlain } from './lines-log.mjs'

function sync(path) {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
export function open(directory) {
  const keep = (name, text, anew) => {
    const path = join(directory, name)
    if (anew === undefined && existsSync(path)) return readFileSync(path, 'utf8')
    const file = openSync(path + '.new', 'w')
    writeSync(file, text)
    fsyncSync(file)
    closeSync(file)
    renameSync(path + '.new', path)
    sync(directory)
    return text
  }
  ${opening}
  return openPlain(directory)
}`

testPowerCuts.each(Object.keys(CAREFUL))(
  `a log that %s is told nothing wrong of when its power is cut${NEEDS}`,
  async (how) => {
    const folder = temporaryDirectory()
    copyFileSync(PLAIN_LOG, join(folder, 'lines-log.mjs'))
    const subject = moduleSubject(folder, 'log', source(CAREFUL[how] as string))
    const host = describedHost(subject)
    const stateDirectory = scratch()
    const rig = await rigFor({ fileSystem: 'ext4', host, lanes: 2, stateDirectory })
    const campaign = await cutPower(rig, {
      subject: subject.description.name,
      seed: 1,
      tearBytes: 512,
      extent: { states: 40 },
    })
    expect(campaign.problems).toEqual([])
    expect(campaign).toMatchObject({ tried: 40, failed: 0, unjudged: 0, unconfirmed: 0 })
    const recording = campaign.recordings[0]?.recording
    if (recording === undefined) expect.unreachable()
    const acknowledged = statesOf(recording, 1).distinct.find(
      ({ epoch }) => promisedAt(recording, epoch.endPosition).acked > 2,
    )
    const request = { state: acknowledged as CrashState, inFull: true }
    for (const way of secondLooksAt(recording)) {
      const look = await lookAt(way, recording, request, { host, stateDirectory })
      expect(look).toMatchObject({ failures: [], notJudged: null })
    }
  },
)
