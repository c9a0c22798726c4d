import { catchAnyControls } from '../../../../harness/io-error/any-controls.ts'
import { anyControlRecord } from '../../any-control-record.ts'
import { describedOf, type StepContext, type StepOutcome } from '../../row.ts'
import { meetErrorsOf } from '../run.ts'

/** Has any subject meet errors, and then its controls, which must be caught. */
export async function runAnyIoError(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'io-error' }>> {
  const { seed, signal } = context
  const { subject } = describedOf(context)
  return await meetErrorsOf(context, {
    subject,
    async catchControls(root) {
      const controls = await catchAnyControls({ subject, seed, root, signal })
      return controls.map((control) => ({ ...anyControlRecord(control), cases: control.tries }))
    },
  })
}
