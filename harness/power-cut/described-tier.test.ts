import { expect } from 'vitest'
import { moduleSubject } from '../testing/described.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { TierOptions } from '../tier.ts'
import { describedPowerCutTier } from './described-tier.ts'
import { NEEDS, testPowerCuts } from './testing/scene.ts'

/** A log of lines that is made with a sync, and appended to without one. */
const FORGETS_TO_SYNC = `
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
export function open(directory) {
  const path = directory + '/notes.log'
  const file = openSync(path, 'a+')
  fsyncSync(file)
  return {
    append(entry) { writeSync(file, JSON.stringify(entry) + '\\n') },
    read: () => readFileSync(path, 'utf8').split('\\n').slice(0, -1).map((line) => JSON.parse(line)),
    close: () => closeSync(file),
  }
}`

testPowerCuts(
  `a log that forgets to sync is told by its file, made small, and fails again by its name${NEEDS}`,
  async () => {
    const options: TierOptions = {
      subject: moduleSubject(temporaryDirectory(), 'log', FORGETS_TO_SYNC),
      place: { fileSystem: 'ext4' },
      seed: 1,
      forMs: 0,
      only: null,
      everyPoint: false,
      signal: new AbortController().signal,
      onProgress: () => {},
    }
    const { problems, failed } = await describedPowerCutTier.run(options)
    expect(failed).toBeGreaterThan(0)
    const story = problems[0]?.story
    if (story == null) expect.unreachable()
    expect(story).toMatchObject({ tier: 'power-cut', case: problems[0]?.case })
    expect(story.asked).toHaveLength(1)
    expect(story.asked[0]?.outcome).toBe('acknowledged')
    expect(story.disk.join(' ')).toMatch(/notes\.log.* (never arrived|had not been sent)/)
    expect(story.reduced?.to.changes).toBeLessThanOrEqual(2)
    expect(story.reduced?.to.lost).toBeLessThanOrEqual(2)
    expect(story.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['change', 'acknowledged', 'fault', 'recovery']),
    )
    const again = await describedPowerCutTier.run({ ...options, only: story.case })
    expect(again.problems[0]?.failures[0]?.name).toBe(story.failures[0]?.name)
    expect(again.problems[0]?.story?.asked).toEqual(story.asked)
  },
  120_000,
)
