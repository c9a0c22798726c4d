import { IO_ERROR_CONTROLS } from '../../../../harness/subject/controls.ts'
import { promiseFor } from '../../../../harness/subject/promise.ts'
import { knownControl } from '../../any-control-record.ts'
import { ioErrorProblemBy } from '../check.ts'
import { ioError } from '../row.ts'

/** Operations of any subject that meet errors of a disk. */
export const anyIoError: typeof ioError = {
  ...ioError,
  run: async (context) => (await import('./run.ts')).runAnyIoError(context),
  problem(step, files) {
    const { description } = files
    if (description === null) return 'its subject.json is not there'
    const promise = promiseFor(description.promises, 'io-error')
    const table = IO_ERROR_CONTROLS.map((control) => knownControl(control, promise))
    return ioErrorProblemBy(table, step, files)
  },
}
