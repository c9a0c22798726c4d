import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { meetErrors } from '../../../harness/io-error/campaign.ts'
import { catchByErrors } from '../../../harness/io-error/catch.ts'
import { IO_ERRORS } from '../../../harness/io-error/errors/index.ts'
import type { FailureName } from '../../../harness/oracle/failure.ts'
import { lacksForPassthrough } from '../../../harness/passthrough/requirements.ts'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import { describedLog } from '../described.ts'
import { walSubject } from '../subject.ts'
import { IO_ERROR_CONTROLS } from './io-error.ts'

const lacking = await lacksForPassthrough()
const testErrors = test.skipIf(lacking.length > 0)
const NEEDS = lacking.length > 0 ? ` (needs ${lacking.map(({ what }) => what).join('; ')})` : ''

const SEED = 7

/** How each control is caught. A log that is shorter than its safe point says is one that our log refuses. */
const FAILURES: Record<string, FailureName> = {
  'sync-retried': 'refused',
  'short-write-believed': 'refused',
  'rename-error-ignored': 'false-success',
  'tail-left': 'refused',
}

test('every control has its failure, and an error that shows it', () => {
  expect(IO_ERROR_CONTROLS.map(({ control }) => control.subject.name)).toEqual(
    Object.keys(FAILURES),
  )
  for (const { errors } of IO_ERROR_CONTROLS) expect(errors.length).toBeGreaterThan(0)
})

testErrors.each(IO_ERROR_CONTROLS)(
  `$control.subject.name is caught: $control.defect${NEEDS}`,
  async ({ control, errors }) => {
    const { name } = control.subject
    const root = temporaryDirectory()
    const rows = errors.map((error) => IO_ERRORS[error])
    const options = { seed: SEED, rows, root: join(root, 'control') }
    const { shown, tries } = await catchByErrors({ ...options, subject: describedLog(name) })
    expect(shown?.failure).toBe(FAILURES[name])
    expect(tries).toBeGreaterThan(0)
    // It is the defect that is caught: the sound log passes all that the control met.
    const sound = await catchByErrors({ ...options, subject: describedLog(walSubject.name) })
    expect(sound.shown).toBeNull()
    expect(sound.tries).toBeGreaterThanOrEqual(tries)
    expect(readdirSync(root)).toEqual([])
  },
)

testErrors(`our log passes what it meets${NEEDS}`, async () => {
  const { results } = await meetErrors({
    subject: describedLog(walSubject.name),
    seed: SEED,
    root: temporaryDirectory(),
    extent: { cases: 60 },
  })
  expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  expect(results.length).toBeGreaterThanOrEqual(40)
  expect(new Set(results.map((result) => result.case.error)).size).toBeGreaterThan(6)
})
