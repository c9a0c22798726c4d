import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import type { Reporter } from './reporter.ts'

/** Every form of a report that is a file. */
export const REPORTERS = [html, junit, markdown, json] as const satisfies readonly Reporter[]
