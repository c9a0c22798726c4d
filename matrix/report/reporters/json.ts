import { assertValid } from '../../evidence/schemas.ts'
import { jsonText } from '../../text/json-text.ts'
import type { Reporter } from './reporter.ts'

/** All that the other reporters show, for programs. */
export const json: Reporter = {
  name: 'json',
  describe: 'all of it, for programs',
  defaultFile: 'pullplug-report.json',
  render(model) {
    assertValid('report', model)
    return `${jsonText(model, 1)}\n`
  },
}
