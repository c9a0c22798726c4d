import type { Progress } from '../progress.ts'

/** Progress that nobody reads. */
export const SILENT: Progress = {
  line() {},
  problem() {},
  detail() {},
  now() {},
  count() {},
  end() {},
}
