import type { VNode } from '../../bundled/markup.ts'
import type { ReportVerdict } from '../model.ts'
import { VERDICT_WORDS } from '../words.ts'
import { el } from './element.ts'

/** A sign for each, so that none is told by its colour. */
const SIGNS: Record<ReportVerdict, string> = {
  pass: '✓',
  fail: '✕',
  inconclusive: '?',
  skipped: '–',
  invalid: '!',
  absent: '·',
}

/** A verdict as it stands anywhere: its sign and its word. */
export const verdictElement = (verdict: ReportVerdict): VNode =>
  el('span', { class: `verdict ${verdict}` }, `${SIGNS[verdict]} ${VERDICT_WORDS[verdict]}`)
