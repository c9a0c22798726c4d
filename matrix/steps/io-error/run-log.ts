import { join } from 'node:path'
import { catchByErrors } from '../../../harness/io-error/catch.ts'
import { IO_ERRORS } from '../../../harness/io-error/errors/index.ts'
import { together } from '../../../harness/process/together.ts'
import { IO_ERROR_CONTROLS } from '../../../subjects/wal/controls/io-error.ts'
import { describedLog } from '../../../subjects/wal/described.ts'
import type { IoErrorControlRecord } from '../../evidence/io-error-types.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { knownLogControl } from './log-controls.ts'
import { meetErrorsOf } from './run.ts'

/** Has our log, or a control of it, meet errors, and then the controls. */
export async function runIoError(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'io-error' }>> {
  const { subject, runtime, seed, signal, progress, title, crew } = context
  return await meetErrorsOf(context, {
    subject: describedLog(subject, runtime),
    async catchControls(root) {
      const caught = IO_ERROR_CONTROLS.map((each) => async (): Promise<IoErrorControlRecord> => {
        const { name } = each.control.subject
        progress.now(`${title} io-error control ${name}`)
        const { shown, tries } = await catchByErrors({
          subject: describedLog(name, runtime),
          seed,
          root: join(root, name),
          rows: each.errors.map((error) => IO_ERRORS[error]),
          signal,
        })
        return {
          ...knownLogControl(each),
          caught: shown !== null,
          failure: shown?.failure ?? null,
          by: shown?.by ?? null,
          cases: tries,
        }
      })
      return await together(crew.size, caught)
    },
  })
}
