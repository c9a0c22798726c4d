import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { HOME } from '../../subjects/home.ts'
import { POWER_CUT_CONTROLS } from '../../subjects/wal/controls/index.ts'
import { walSubject } from '../../subjects/wal/subject.ts'
import { catchBarriersOff, catchByPowerCut } from './catch.ts'
import { diskSubjectHost } from './disk-subject-host.ts'
import type { SubjectHost } from './subject-host.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'

/** Our log as an emulator or a busy machine runs it: each answer comes late. */
function slowHost(lateMs: number): SubjectHost {
  const host = diskSubjectHost(HOME)
  return {
    ...host,
    async startWriter(options) {
      const writer = await host.startWriter(options)
      const { open, make, close } = writer
      const late =
        <A extends unknown[], R>(step: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          await sleep(lateMs)
          return await step.apply(writer, args)
        }
      Object.assign(writer, { open: late(open), make: late(make), close: late(close) })
      return writer
    },
  }
}

describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
  testPowerCuts(`every control is caught, or is one that it can't show${NEEDS}`, async () => {
    const rig = await rigFor({ fileSystem })
    for (const control of POWER_CUT_CONTROLS) {
      const result = await catchByPowerCut(rig, control)
      const unseen = control.unseenByPowerCut?.[fileSystem] !== undefined
      expect(result).toMatchObject({
        name: control.subject.name,
        expectation: unseen ? 'unseen' : 'caught',
        caught: !unseen,
      })
      expect(result.failure === null).toBe(unseen)
      expect(result.states).toBeGreaterThan(0)
    }
    expect(await catchBarriersOff(rig, 'wal')).toMatchObject({
      expectation: 'caught',
      caught: true,
    })
  })

  testPowerCuts(`the sound log, put through the same, is not caught${NEEDS}`, async () => {
    const rig = await rigFor({ fileSystem })
    const sound = { subject: walSubject, defect: 'none' }
    expect(await catchByPowerCut(rig, sound)).toMatchObject({
      caught: false,
      by: null,
      states: 4 * 96,
    })
  })

  testPowerCuts(
    `a slow subject is caught on a volume without barriers all the same${NEEDS}`,
    async () => {
      const rig = await rigFor({ fileSystem, host: slowHost(200) })
      expect(await catchBarriersOff(rig, 'wal')).toMatchObject({
        expectation: 'caught',
        caught: true,
      })
    },
  )
})
