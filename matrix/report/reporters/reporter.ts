import type { ReportModel } from '../model.ts'

/** A form in which a run is reported: what it writes, and where to unless told. */
export interface Reporter {
  name: string
  /** What it is for, in a few words. */
  describe: string
  defaultFile: string
  /** The content of its file. A pure function of the model. */
  render(model: ReportModel): string
}
