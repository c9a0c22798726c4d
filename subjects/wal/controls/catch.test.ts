import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catchControl } from '../../../harness/controls/catch.ts'
import type { Control } from '../../../harness/controls/control.ts'
import type { FailureName } from '../../../harness/oracle/failure.ts'
import { onChildStart, stillRunning, watchChildren } from '../../../harness/testing/children.ts'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import { HOME } from '../../home.ts'
import { walSubject } from '../subject.ts'
import { CONTROLS } from './index.ts'

/** What each control does wrong, by the oracle's name; null where no SIGKILL can show it. */
const FAILURES: Record<string, FailureName | null> = {
  'safe-point-first': 'refused',
  'structural-end': 'phantom',
  'sequence-not-restored': 'wrong-next-seq',
  'no-truncation': 'phantom',
  'bad-json-skipped': 'hole',
  'safe-seq-in-place': 'refused',
  'acknowledged-early': 'acked-lost',
  'no-sync': null,
  'safe-point-before-sync': null,
}

const SOUND = { subject: walSubject, defect: 'none' }

test('every control has its failure, or is one that no SIGKILL can show', () => {
  expect(CONTROLS.map(({ subject }) => subject.name)).toEqual(Object.keys(FAILURES))
})

describe.each(CONTROLS)('$subject.name: $defect', (control) => {
  const { name } = control.subject
  const failure = FAILURES[name] ?? null
  const expectation = failure === null ? 'unseen' : 'caught'

  test(`is ${expectation}${failure === null ? '' : ` as ${failure}`}`, async () => {
    const root = temporaryDirectory()
    const result = await catchControl(control, { root, home: HOME })
    expect(result).toMatchObject({ name, expectation, caught: failure !== null, failure })
    expect(result.iterations).toBeGreaterThan(0)
    expect(result.by === null).toBe(failure === null)
    expect(result.why === null).toBe(failure !== null)
    expect(readdirSync(root)).toEqual([])
  })
})

test('the sound log, put through the same, is not caught, so that it is the defect that is', async () => {
  const sound = await catchControl(SOUND, { root: temporaryDirectory(), home: HOME })
  expect(sound).toMatchObject({ caught: false, failure: null })
  const unseen = CONTROLS.find(({ subject }) => subject.name === 'safe-point-before-sync')
  const other = await catchControl(unseen as Control, {
    root: temporaryDirectory(),
    home: HOME,
  })
  expect(sound.iterations).toBe(other.iterations)
})

test('without an inspection nobody sees what no-truncation leaves in the file', async () => {
  const control = CONTROLS.find(({ subject }) => subject.name === 'no-truncation')
  const root = temporaryDirectory()
  const { inspect: _, ...home } = HOME
  const result = await catchControl(control as Control, { root, home })
  expect(result).toMatchObject({ expectation: 'caught', caught: false })
})

test('iterations whose faults were not delivered are not counted as having shown nothing', async () => {
  const children = watchChildren()
  onChildStart((child) => children.length > 1 && child.kill('SIGKILL'))
  const result = await catchControl(SOUND, { root: temporaryDirectory(), home: HOME })
  expect(result).toMatchObject({ caught: false, iterations: 0 })
  expect(stillRunning(children)).toEqual([])
})
