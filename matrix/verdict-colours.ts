import { colours } from './colours.ts'
import type { Verdict } from './evidence/types.ts'

const COLOURS: Record<Verdict, (text: string) => string> = {
  pass: colours.green,
  fail: colours.red,
  inconclusive: colours.yellow,
  skipped: colours.dim,
}

/** A verdict in its colour; without colours, its word says all. */
export const coloured = (verdict: Verdict): string => COLOURS[verdict](verdict)
