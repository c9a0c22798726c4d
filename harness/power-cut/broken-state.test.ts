import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { imageOfState } from '../crash-states/image.ts'
import { epochsOf, type Recording } from '../crash-states/recording.ts'
import type { CrashState } from '../crash-states/state.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { scratch, sh } from '../volume/testing/scene.ts'
import { Checker, type CheckRequest } from './checker.ts'
import { lookAt, secondLooksAt } from './confirm-state.ts'
import { diskSubjectHost } from './disk-subject-host.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'

interface Scene {
  recording: Recording
  state: CrashState
}

/** The state in which a recording of our log on ext4 ends, with its journal replayed. */
async function finalState(): Promise<Scene & { image: string }> {
  const rig = await rigFor({ fileSystem: 'ext4', lanes: 0 })
  const recording = await rig.record('wal', planPowerCut(1, 1))
  const epoch = epochsOf(recording).at(-1)
  if (epoch === undefined) throw new Error('nothing was recorded')
  const state: CrashState = { kind: 'prefix', epoch, kept: epoch.writes, tear: null }
  const image = join(scratch(), 'image')
  writeFileSync(image, imageOfState(recording, state))
  spawnSync('e2fsck', ['-f', '-y', '-E', 'journal_only', image])
  return { image, ...sceneOf(recording, state, image) }
}

/** The same state, as that of a recording of an image on which nothing was written. */
function sceneOf(recording: Recording, { epoch }: CrashState, image: string): Scene {
  return {
    recording: { ...recording, template: readFileSync(image), requests: [] },
    state: {
      kind: 'prefix',
      epoch: { ...epoch, writes: [], fromPosition: 0 },
      kept: [],
      tear: null,
    },
  }
}

/** Changes a byte in the first block of a file or directory, whose checksum then tells. */
function corrupt(image: string, name: string): void {
  const [block] = sh('debugfs', '-R', `blocks ${name}`, image).trim().split(/\s+/)
  const bytes = readFileSync(image)
  const at = Number(block) * 4096 + 40
  bytes[at] = (bytes[at] ?? 0) ^ 0xff
  writeFileSync(image, bytes)
}

async function checkerFor({ recording }: Scene): Promise<Checker> {
  const checker = await Checker.create({
    fileSystem: 'ext4',
    sizeBytes: recording.template.length,
    stateDirectory: scratch(),
    host: diskSubjectHost(HOME),
  })
  onTestFinished(() => checker.remove())
  return checker
}

const check = (checker: Checker, { recording, state }: Scene, over: Partial<CheckRequest> = {}) =>
  checker.check(recording, { state, inFull: false, ...over })

const onMounted = (): void => {}

testPowerCuts(
  `a state whose directory can not be read is not judged, whoever reads it, and the next one is${NEEDS}`,
  async () => {
    const { image, ...sound } = await finalState()
    corrupt(image, '/subject')
    const broken = sceneOf(sound.recording, sound.state, image)
    const checker = await checkerFor(broken)
    expect(await check(checker, broken, { onMounted })).toMatchObject({
      failures: [],
      notJudged: expect.stringMatching(/^Unknown system error -74: .*scandir/),
    })
    expect(await check(checker, broken)).toMatchObject({
      failures: [],
      notJudged: expect.stringMatching(/Unknown system error/),
    })
    for (const way of secondLooksAt(broken.recording)) {
      const again = await lookAt(
        way,
        broken.recording,
        { ...broken, inFull: false },
        {
          host: diskSubjectHost(HOME),
        },
      )
      expect(again.failures).toEqual([])
      expect(again.notJudged).not.toBeNull()
    }
    const next = await check(checker, sound, { onMounted, inFull: true })
    expect(next).toMatchObject({ failures: [], notJudged: null })
  },
)

testPowerCuts(
  `whatever error of the system a look meets leaves the state not judged, and a mistake is thrown${NEEDS}`,
  async () => {
    const sound = await finalState()
    const checker = await checkerFor(sound)
    const meeting = (error: Error) =>
      check(checker, sound, {
        onMounted: () => {
          throw error
        },
      })
    const codes = ['EUCLEAN', 'ENOTDIR', 'ELOOP', 'EIO', 'ESTALE', 'Unknown system error -74']
    for (const code of codes) {
      const message = `${code}: as the system says it`
      const result = await meeting(Object.assign(new Error(message), { code }))
      expect(result).toMatchObject({ failures: [], notJudged: message })
    }
    await expect(meeting(new TypeError('x is not a function'))).rejects.toThrow(TypeError)
    expect(await check(checker, sound)).toMatchObject({ failures: [], notJudged: null })
  },
)
