import { accessSync, constants } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { MachineError } from '../../harness/process/machine-error.ts'
import { UsageError } from '../commands/usage-error.ts'
import { refusal, shownPath } from '../shown.ts'
import { writeFile } from '../write-file.ts'
import type { ReportModel } from './model.ts'
import type { Reporter } from './reporters/reporter.ts'

/** A report that was asked for: in which form, to which file, and by which option. */
export interface WantedReport {
  reporter: Reporter
  file: string
  option: string
}

/** Throws a `UsageError` where one report would overwrite another. */
export function assertApart(wanted: readonly WantedReport[]): void {
  const paths = wanted.map(({ file }) => resolve(file))
  const twice = paths.find((path, at) => paths.indexOf(path) !== at)
  if (twice !== undefined) {
    throw new UsageError(`two reports would be written to ${shownPath(twice)}`)
  }
}

/** Throws a `MachineError` where a report could not be written to when a long run is over. */
export function assertPlaces(wanted: readonly WantedReport[]): void {
  for (const { file, option } of wanted) {
    const folder = dirname(resolve(file))
    try {
      accessSync(folder, constants.W_OK)
    } catch (cause) {
      throw new MachineError(
        'BROKEN',
        `a report could not be written to ${shownPath(folder)}: ${refusal(cause)}`,
        `Choose another file with ${option}.`,
        { cause },
      )
    }
  }
}

/** Writes the reports that were asked for. Throws a `MachineError` where one can't be written. */
export function writeReports(model: ReportModel, wanted: readonly WantedReport[]): void {
  for (const { reporter, file, option } of wanted) {
    writeFile(file, reporter.render(model), { what: `the ${reporter.name} report`, option })
  }
}
