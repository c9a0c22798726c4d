import { REPORTERS } from '../report/reporters/index.ts'
import type { WantedReport } from '../report/write.ts'
import { shown } from '../shown.ts'
import { listOf } from './command.ts'
import { UsageError } from './usage-error.ts'

const NAMES = REPORTERS.map(({ name }) => name)

/** A reporter such as `html`, or with its file, `html=report.html`. */
export function reporterAsked(text: string): WantedReport {
  const [name = '', file] = text.split(/=(.*)/s)
  const reporter = REPORTERS.find((each) => each.name === name)
  if (reporter === undefined) {
    throw new UsageError(`${shown(name)} is no reporter; there are ${NAMES.join(', ')}`)
  }
  if (file === '') throw new UsageError(`${name}= names no file`)
  return { reporter, file: file ?? reporter.defaultFile, option: '--reporter' }
}

/** The option by which a run is told to leave reports. */
export const reporterOption = listOf(
  reporterAsked,
  `leave a report, NAME or NAME=FILE: ${NAMES.join(', ')}; may be given again`,
)
