import { pageOf } from '../html/page.ts'
import type { Reporter } from './reporter.ts'

/** A page that is looked at in a browser. */
export const html: Reporter = {
  name: 'html',
  describe: 'one page for a browser, which loads nothing',
  defaultFile: 'pullplug-report.html',
  render: pageOf,
}
