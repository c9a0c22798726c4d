import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { leavePhantom } from '../../subjects/wal/damage.ts'
import type { CrashState } from '../crash-states/state.ts'
import { statesOf } from '../crash-states/states.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { StateResult } from './check-state.ts'
import { NEEDS, rigFor, testPowerCuts } from './testing/scene.ts'

const MAX_STATES = 250

/** The bytes of the frames that are left behind the log's back after so many entries. */
function framesLeftAfter(entries: number): Buffer {
  const directory = temporaryDirectory()
  leavePhantom(directory, 'frames', entries)
  return readFileSync(join(directory, 'telemetry.wal'))
}

for (const fileSystem of ['ext4', 'xfs'] as const) {
  testPowerCuts(
    `on ${fileSystem}, a power cut in a recovery that keeps loses nothing, and what is kept is whole under its name${NEEDS}`,
    async () => {
      const rig = await rigFor({ fileSystem })
      const plan = planPowerCut(1, 1)
      const [first, second, third] = plan.sessions
      if (first === undefined || second === undefined || third === undefined)
        throw new Error('no plan')
      const sessions = [first, { ...second, phantom: 'frames' as const }, third]
      const recording = await rig.record('wal', { ...plan, sessions })
      const { sentAt, ackedAt } = recording.promises
      const entries = first.payloads.length
      const phantoms = framesLeftAfter(entries)
      // From the last acknowledgement before the recovery on, to the first one after it.
      const states = statesOf(recording, 1).distinct.filter(
        ({ epoch }) =>
          epoch.endPosition >= (ackedAt[entries - 1] as number) &&
          epoch.fromPosition <= (ackedAt[entries] as number),
      )
      const seen = { stillThere: 0, both: 0, kept: 0 }
      const requests = states.slice(0, MAX_STATES).map((state) => {
        const files = new Map<string, Buffer>()
        return {
          state,
          files,
          inFull: true,
          onMounted: (mounted: ReadonlyMap<string, Uint8Array>) => {
            for (const [name, bytes] of mounted) files.set(name, Buffer.from(bytes))
          },
        }
      })
      const check = (
        { state, files }: { state: CrashState; files: Map<string, Buffer> },
        { failures, notJudged }: StateResult,
      ): 'more' => {
        expect([failures, notJudged]).toEqual([[], null])
        const kept = files.get(`telemetry.wal.cut-${entries}`)
        const uncut = files.get('telemetry.wal')?.includes(phantoms) === true
        if (kept !== undefined) expect(kept.equals(phantoms)).toBe(true)
        // Once the opening had returned, as it had when the next append was sent, what was cut is kept.
        const opened = state.epoch.endPosition >= (sentAt[entries] as number)
        if (opened) expect([uncut, kept !== undefined]).not.toEqual([false, false])
        if (uncut) seen[kept === undefined ? 'stillThere' : 'both']++
        else if (kept !== undefined) seen.kept++
        return 'more'
      }
      await rig.checkAll(recording, requests, check)
      expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0)
    },
  )
}
